package io.nave.controllers;

import io.nave.runtime.Disk;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Kubeconfig files as others write them: many contexts, certificate and token files; credential
/// programs (`exec`) and OpenID tokens too ([Fabric8Login]).
public final class KubeconfigFile {
  private KubeconfigFile() {}

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
        files.text("certificate-authority", cluster),
        cluster.path("insecure-skip-tls-verify").asBoolean(false),
        login(file, user, files));
  }

  private static void requireSupported(JsonNode cluster, String field, String instead) {
    if (!cluster.path(field).asString("").isEmpty()) {
      throw new Kubeconfig.Unusable(field + " is not supported; " + instead, null);
    }
  }

  private static Kubeconfig.Login login(ObjectNode file, JsonNode user, Files files) {
    if (user.has("exec") || user.has("auth-provider")) {
      return Fabric8Login.fetch(file, files);
    }
    var certificate = files.text("client-certificate", user);
    if (!certificate.isEmpty()) {
      return new Kubeconfig.Login.Certificate(certificate, files.text("client-key", user));
    }
    var token = user.path("token").asString("");
    if (token.isEmpty()) {
      token = files.text("tokenFile", null, user.path("tokenFile").asString("")).strip();
    }
    return token.isEmpty()
        ? password(user.path("username").asString(""), user.path("password").asString(""))
        : new Kubeconfig.Login.Token(token);
  }

  static Kubeconfig.Login password(String name, String password) {
    return name.isEmpty()
        ? new Kubeconfig.Login.Nobody()
        : new Kubeconfig.Login.Password(name, password);
  }

  /// The two ways a kubeconfig holds a certificate or key: inside, or as the name of a file.
  record Files(Disk disk, Path folder) {
    String text(String field, JsonNode node) {
      var inside = node.path(field + "-data").asString("");
      return text(field, inside, node.path(field).asString(""));
    }

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
