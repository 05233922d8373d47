package io.nave.applications;

import io.nave.api.ApiError;
import io.nave.api.Json;
import io.nave.api.Meta;
import io.nave.work.ManifestWork.Executor;
import io.nave.work.ManifestWork.ExecutorSubject;
import io.nave.work.ManifestWork.ServiceAccount;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// In whose name agents apply what an application delivers (spec §19.6, §26): KubeVela's annotation
/// [#NAME] names a service account of the clusters, in the namespace that is called as the
/// application's. Its works then have that account as executor: a cluster applies only what the
/// account may do there. Without it they are applied with the agent's own rights. Pure.
final class Account {
  static final String NAME = "app.oam.dev/service-account-name";

  /// The longest name of an object (RFC 1123).
  private static final int LENGTH_MAX = 253;

  private static final Pattern SUBDOMAIN =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

  private Account() {}

  private static String name(Map<String, String> annotations) {
    return annotations.getOrDefault(NAME, "").strip();
  }

  /// As works name it; null: none.
  static @Nullable Executor executor(Meta application) {
    return executor(application.namespace(), application.annotations());
  }

  /// As `spec.executor` of a work; empty when none is named.
  static JsonNode json(String namespace, Map<String, String> annotations) {
    var executor = executor(namespace, annotations);
    return executor == null ? Json.object() : Json.tree(executor);
  }

  private static @Nullable Executor executor(String namespace, Map<String, String> annotations) {
    var name = name(annotations);
    return name.isEmpty()
        ? null
        : new Executor(new ExecutorSubject("ServiceAccount", new ServiceAccount(namespace, name)));
  }

  /// What is wrong with it.
  static List<ApiError.Cause> faults(Meta application) {
    var name = name(application.annotations());
    var good = name.isEmpty() || (name.length() <= LENGTH_MAX && SUBDOMAIN.matcher(name).matches());
    return good
        ? List.of()
        : List.of(
            new ApiError.Cause(
                "FieldValueInvalid",
                "metadata.annotations[" + NAME + "]",
                "Invalid value: \"" + name + "\": expected the name of a service account"));
  }
}
