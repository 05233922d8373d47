package io.nave.controllers;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.nave.api.Json;
import io.nave.runtime.Disk;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Kubeconfig files as others write them, through fabric8: many contexts, certificate files,
/// credential programs (`exec`), OpenID tokens.
public final class Fabric8Kubeconfig {
  private Fabric8Kubeconfig() {}

  /// Reads one context and everything it refers to.
  ///
  /// @param folder what file names in it are relative to: the folder of the kubeconfig file
  /// @param context null: its current context
  /// @throws Kubeconfig.Unusable saying what is missing or cannot be read
  public static Kubeconfig read(Disk disk, String yaml, Path folder, @Nullable String context) {
    var file = Kubeconfig.parse(yaml);
    if (context != null) {
      file.put("current-context", context); // fabric8 has no other lasting way to choose
    }
    var current = file.path("current-context").asString("");
    if (current.isEmpty()) {
      throw new Kubeconfig.Unusable("it has no current context; name one of its contexts", null);
    }
    var names = Kubeconfig.named(file, "contexts", "context", current);
    var clusterName = names.path("cluster").asString("");
    var userName = names.path("user").asString("");
    var cluster = Kubeconfig.named(file, "clusters", "cluster", clusterName);
    requireSupported(cluster, "tls-server-name", "use a server address its certificate is for");
    requireSupported(cluster, "proxy-url", "set the Java property https.proxyHost");
    var user = Kubeconfig.named(file, "users", "user", userName);
    var files = new Files(disk, folder);
    return new Kubeconfig(
        current,
        clusterName,
        userName,
        names.path("namespace").asString(""),
        cluster.path("server").asString(""),
        files.text(
            "certificate-authority",
            cluster.path("certificate-authority-data").asString(""),
            cluster.path("certificate-authority").asString("")),
        cluster.path("insecure-skip-tls-verify").asBoolean(false),
        login(config(file), user, files));
  }

  private static void requireSupported(JsonNode cluster, String field, String instead) {
    if (!cluster.path(field).asString("").isEmpty()) {
      throw new Kubeconfig.Unusable(field + " is not supported; " + instead, null);
    }
  }

  private static Config config(ObjectNode file) {
    try {
      return Config.fromKubeconfig(Json.text(file));
    } catch (KubernetesClientException | IllegalArgumentException | JacksonException e) {
      throw new Kubeconfig.Unusable("cannot be read: " + rootMessage(e), null);
    }
  }

  private static Kubeconfig.Login login(Config config, JsonNode user, Files files) {
    var certificate =
        files.text("client-certificate", config.getClientCertData(), config.getClientCertFile());
    if (!certificate.isEmpty()) {
      var key = files.text("client-key", config.getClientKeyData(), config.getClientKeyFile());
      return new Kubeconfig.Login.Certificate(certificate, key);
    }
    var token = absent(config.getAutoOAuthToken());
    if (token.isEmpty()) { // fabric8 does not know it
      token = files.text("tokenFile", null, user.path("tokenFile").asString("")).strip();
    }
    if (!token.isEmpty()) {
      return new Kubeconfig.Login.Token(token);
    }
    var name = absent(config.getUsername());
    return name.isEmpty()
        ? new Kubeconfig.Login.Nobody()
        : new Kubeconfig.Login.Password(name, absent(config.getPassword()));
  }

  private static String absent(@Nullable String text) {
    return Objects.requireNonNullElse(text, "");
  }

  /// Parsers quote what they read; only their own first line goes further.
  private static String rootMessage(Throwable e) {
    var root = e;
    for (var cause = e.getCause(); cause != null; cause = cause.getCause()) {
      root = cause;
    }
    var text =
        root instanceof JacksonException json ? json.getOriginalMessage() : root.getMessage();
    return absent(text).lines().limit(1).reduce("", String::concat);
  }

  /// The two ways a kubeconfig holds a certificate or key: inside, or as the name of a file.
  private record Files(Disk disk, Path folder) {
    String text(String field, @Nullable String data, @Nullable String file) {
      if (data != null && !data.isEmpty()) {
        return decoded(field, data);
      }
      if (file == null || file.isEmpty()) {
        return "";
      }
      var path = folder.resolve(file);
      try {
        return disk.read(path)
            .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
            .orElseThrow(() -> new Kubeconfig.Unusable(field + ": there is no file " + path, null));
      } catch (Disk.DiskFailure e) {
        throw new Kubeconfig.Unusable(field + ": " + e.getMessage(), e);
      }
    }

    private static String decoded(String field, String data) {
      if (data.contains("-----BEGIN")) {
        return data; // credential programs hand out PEM as it is
      }
      try {
        return new String(Base64.getMimeDecoder().decode(data), StandardCharsets.UTF_8);
      } catch (IllegalArgumentException e) {
        throw new Kubeconfig.Unusable(field + "-data: must be base64", null);
      }
    }
  }
}
