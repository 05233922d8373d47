package io.nave.registration.hub;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.api.Yaml;
import io.nave.controllers.ApiClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/// The objects that make an agent in a cluster, as `nave import` and the importer put them there.
public final class InstalledAgent {
  public static final String NAMESPACE = "open-cluster-management-agent";

  private static final Map<String, ResourceType> KINDS =
      Map.of(
          "Namespace", ResourceType.of("", "v1", "Namespace", "namespaces", false),
          "ServiceAccount", ResourceType.of("", "v1", "ServiceAccount", "serviceaccounts", true),
          "Secret", ResourceType.of("", "v1", "Secret", "secrets", true),
          "ClusterRoleBinding",
              ResourceType.of(
                  "rbac.authorization.k8s.io",
                  "v1",
                  "ClusterRoleBinding",
                  "clusterrolebindings",
                  false),
          "Deployment", ResourceType.of("apps", "v1", "Deployment", "deployments", true));

  private InstalledAgent() {}

  /// In the order they are made.
  ///
  /// @param bootstrap a kubeconfig with a token
  public static List<ApiObject> objects(String cluster, String image, String bootstrap) {
    var secret = Base64.getEncoder().encodeToString(bootstrap.getBytes(StandardCharsets.UTF_8));
    var text =
        template()
            .replace("CLUSTER", cluster)
            .replace("IMAGE", quoted(image))
            .replace("BOOTSTRAP", secret); // last: what it holds may look like any word
    return Yaml.parseAll(text).stream().map(ApiObject::of).toList();
  }

  /// Makes one object, or makes the one that is there the same.
  ///
  /// @return what was done, for people
  public static String apply(ApiClient cluster, ApiObject object) {
    var type = KINDS.get(object.kind());
    if (type == null) {
      throw new IllegalStateException("no kind " + object.kind() + " is installed");
    }
    try {
      cluster.create(type, object);
      return type.kind() + " " + object.key() + " created";
    } catch (ApiError e) {
      if (!e.is(ApiError.Reason.ALREADY_EXISTS)) {
        throw e;
      }
    }
    cluster.patch(type, object.key(), "", new Patch(Patch.Form.MERGE, object.json()));
    return type.kind() + " " + object.key() + " configured";
  }

  /// What a provider's Secret holds; empty when it holds nothing.
  static String kubeconfig(ApiObject secret) {
    var value = secret.at("/data/value").asString("");
    return new String(Base64.getMimeDecoder().decode(value), StandardCharsets.UTF_8);
  }

  private static String quoted(String image) {
    return "\"" + image.replace("\\", "").replace("\"", "") + "\"";
  }

  private static String template() {
    try (var file = InstalledAgent.class.getResourceAsStream("installed-agent.yaml")) {
      if (file == null) {
        throw new IllegalStateException("installed-agent.yaml is missing from this build");
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
