package io.nave.apiserver.kinds;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.apiserver.registry.Faults;
import java.util.Base64;

/// What a Secret of one of Kubernetes' types must hold.
final class SecretTypes {
  private static final String ACCOUNT = "kubernetes.io/service-account.name";

  private SecretTypes() {}

  static void validate(ApiObject secret, Faults faults) {
    switch (secret.at("/type").asString("")) {
      case "kubernetes.io/service-account-token" -> {
        if (secret.annotations().getOrDefault(ACCOUNT, "").isEmpty()) {
          faults.required("metadata.annotations[" + ACCOUNT + "]", "");
        }
      }
      case "kubernetes.io/dockercfg" -> json(secret, ".dockercfg", faults);
      case "kubernetes.io/dockerconfigjson" -> json(secret, ".dockerconfigjson", faults);
      case "kubernetes.io/basic-auth" -> {
        if (!has(secret, "username") && !has(secret, "password")) {
          require(secret, "username", faults);
          require(secret, "password", faults);
        }
      }
      case "kubernetes.io/ssh-auth" -> {
        if (value(secret, "ssh-privatekey").isEmpty()) {
          faults.required("data[ssh-privatekey]", "");
        }
      }
      case "kubernetes.io/tls" -> {
        require(secret, "tls.crt", faults);
        require(secret, "tls.key", faults);
      }
      default -> {
        // Any other may hold anything.
      }
    }
  }

  private static boolean has(ApiObject secret, String key) {
    return secret.json().path("data").has(key);
  }

  private static String value(ApiObject secret, String key) {
    return secret.json().path("data").path(key).asString("");
  }

  private static void require(ApiObject secret, String key, Faults faults) {
    if (!has(secret, key)) {
      faults.required("data[" + key + "]", "");
    }
  }

  private static void json(ApiObject secret, String key, Faults faults) {
    if (!has(secret, key)) {
      faults.required("data[" + key + "]", "");
      return;
    }
    try {
      Json.parseObject(Base64.getDecoder().decode(value(secret, key)));
    } catch (ApiError | IllegalArgumentException e) {
      faults.invalid("data[" + key + "]", "<secret contents redacted>", "must be a JSON object");
    }
  }
}
