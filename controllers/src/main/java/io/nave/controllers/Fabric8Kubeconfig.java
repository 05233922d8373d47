package io.nave.controllers;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.nave.api.Json;
import io.nave.runtime.Disk;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;

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
    var config = parse(yaml, context);
    var chosen = config.getCurrentContext();
    if (chosen == null || chosen.getContext() == null) {
      throw new Kubeconfig.Unusable("it has no current context; name one of its contexts", null);
    }
    var names = chosen.getContext();
    var files = new Files(disk, folder);
    var server = absent(config.getMasterUrl());
    if (server.isEmpty()) {
      throw new Kubeconfig.Unusable(
          "context \""
              + chosen.getName()
              + "\" names the cluster \""
              + absent(names.getCluster())
              + "\", which is not there or has no server",
          null);
    }
    if (!absent(config.getTlsServerName()).isEmpty()) {
      throw new Kubeconfig.Unusable(
          "tls-server-name is not supported; use a server address its certificate is for", null);
    }
    return new Kubeconfig(
        chosen.getName(),
        absent(names.getCluster()),
        absent(names.getUser()),
        absent(names.getNamespace()),
        server,
        files.text("certificate-authority", config.getCaCertData(), config.getCaCertFile()),
        Boolean.TRUE.equals(config.getTrustCerts()),
        login(config, files));
  }

  private static Config parse(String yaml, @Nullable String context) {
    try {
      return Config.fromKubeconfig(context == null ? yaml : switched(yaml, context));
    } catch (KubernetesClientException | IllegalArgumentException | JacksonException e) {
      throw new Kubeconfig.Unusable("cannot be read: " + rootMessage(e), null);
    }
  }

  /// The same file with another current context: fabric8 has no other lasting way to choose.
  private static String switched(String yaml, String context) {
    var file = Json.object();
    Map<String, Object> fields = Serialization.unmarshal(yaml, new TypeReference<>() {});
    fields.forEach((name, value) -> file.set(name, Json.tree(value)));
    var known = new ArrayList<String>();
    for (var entry : file.path("contexts")) {
      known.add(entry.path("name").asString(""));
    }
    if (!known.contains(context)) {
      throw new Kubeconfig.Unusable(
          "there is no context \"" + context + "\", it has " + known, null);
    }
    return Json.text(file.put("current-context", context));
  }

  private static Kubeconfig.Login login(Config config, Files files) {
    var certificate =
        files.text("client-certificate", config.getClientCertData(), config.getClientCertFile());
    if (!certificate.isEmpty()) {
      var key = files.text("client-key", config.getClientKeyData(), config.getClientKeyFile());
      return new Kubeconfig.Login.Certificate(certificate, key);
    }
    var token = absent(config.getAutoOAuthToken());
    if (!token.isEmpty()) {
      return new Kubeconfig.Login.Token(token);
    }
    var user = absent(config.getUsername());
    return user.isEmpty()
        ? new Kubeconfig.Login.Nobody()
        : new Kubeconfig.Login.Password(user, absent(config.getPassword()));
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
