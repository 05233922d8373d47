package io.nave.controllers;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.nave.api.Json;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ObjectNode;

/// What a credential program (`exec`) or provider of a kubeconfig gives, through fabric8. A class
/// of its own, so that nothing of that library is loaded where no such thing is used.
final class Fabric8Login {
  private Fabric8Login() {}

  /// @param file with the context to use as its current one
  /// @throws Kubeconfig.Unusable saying what went wrong
  static Kubeconfig.Login fetch(ObjectNode file, KubeconfigFile.Files files) {
    var config = config(file);
    var certificate =
        files.text("client-certificate", config.getClientCertData(), config.getClientCertFile());
    if (!certificate.isEmpty()) {
      var key = files.text("client-key", config.getClientKeyData(), config.getClientKeyFile());
      return new Kubeconfig.Login.Certificate(certificate, key);
    }
    var token = absent(config.getAutoOAuthToken());
    return token.isEmpty()
        ? KubeconfigFile.password(absent(config.getUsername()), absent(config.getPassword()))
        : new Kubeconfig.Login.Token(token);
  }

  private static Config config(ObjectNode file) {
    try {
      return Config.fromKubeconfig(Json.text(file));
    } catch (KubernetesClientException | IllegalArgumentException | JacksonException e) {
      throw new Kubeconfig.Unusable("cannot be read: " + rootMessage(e), null);
    }
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
}
