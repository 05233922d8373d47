package io.nave.apiserver.definitions;

import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.ResourceType;
import io.nave.api.Yaml;
import io.nave.apiserver.TestServer;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/// A definition to test with.
final class Crd {
  static final ResourceType TYPE = CustomResourceDefinition.TYPE;
  static final ResourceType CRONTABS =
      ResourceType.of("stable.example.com", "v1", "CronTab", "crontabs", true);

  private static final String CRONTAB =
      """
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata: {name: crontabs.stable.example.com}
      spec:
        group: stable.example.com
        scope: Namespaced
        names: {plural: crontabs, singular: crontab, kind: CronTab, shortNames: [ct]}
        versions:
        - name: v1
          served: true
          storage: true
          schema:
            openAPIV3Schema:
              type: object
              properties:
                spec:
                  type: object
                  properties:
                    cronSpec: {type: string}
                    image: {type: string}
                    replicas: {type: integer}
      """;

  private Crd() {}

  static ApiObject crontab() {
    return ApiObject.of((ObjectNode) Yaml.parse(CRONTAB));
  }

  static ApiObject crontab(Consumer<ObjectNode> change) {
    return crontab().edit(change);
  }

  /// The first version of a definition, to be changed.
  static ObjectNode version(ObjectNode crd) {
    return (ObjectNode) crd.at("/spec/versions/0");
  }

  /// The schema of `spec` of the first version, from JSON with single quotes.
  static ApiObject withSpec(String schema) {
    return crontab(crd ->
        ((ObjectNode) version(crd).at("/schema/openAPIV3Schema/properties"))
            .set("spec", Json.parse(schema.replace('\'', '"'))));
  }

  static ApiObject tab(String name, String spec) {
    return TestServer.object(
        "{'metadata':{'name':'%s','namespace':'default'},'spec':%s}".formatted(name, spec));
  }
}
