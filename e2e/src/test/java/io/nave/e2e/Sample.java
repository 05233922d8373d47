package io.nave.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/// The application that `nave demo` shows, as a person would `kubectl apply` it.
final class Sample {
  private Sample() {}

  /// Namespace, set binding, placement on two clusters and the application `demo/shop`.
  ///
  /// @param image for its one container
  static String application(String image) {
    try (var file = Sample.class.getResourceAsStream("/demo/application.yaml")) {
      var text =
          new String(
              Objects.requireNonNull(file, "cli has no /demo/application.yaml").readAllBytes(),
              StandardCharsets.UTF_8);
      return text.replaceFirst("image: \\S+", "image: " + image);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// An application of one component that needs no image, with its own topology.
  static String objects(String name, String cluster, String manifest) {
    return """
    apiVersion: core.oam.dev/v1beta1
    kind: Application
    metadata: {name: %s, namespace: demo}
    spec:
      components:
        - name: objects
          type: k8s-objects
          properties:
            objects: [%s]
      policies:
        - name: where
          type: topology
          properties: {clusters: [%s]}
    """
        .formatted(name, manifest, cluster);
  }
}
