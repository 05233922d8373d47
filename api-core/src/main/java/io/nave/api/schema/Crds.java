package io.nave.api.schema;

import io.nave.api.Json;
import io.nave.api.Resource;
import io.nave.api.ResourceType;
import io.nave.api.Yaml;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Renders CustomResourceDefinitions; the same input always gives the same text.
public final class Crds {
  private Crds() {}

  /// The CRD of a kind with one version.
  public static ObjectNode json(Class<? extends Resource> kind) {
    return json(List.of(kind));
  }

  /// The CRD of a kind with several versions, the stored one first; names come from that one.
  public static ObjectNode json(List<Class<? extends Resource>> versions) {
    var stored = ResourceType.of(versions.getFirst());
    var crd = head(stored);
    var list = crd.withObjectProperty("spec").putArray("versions");
    for (var kind : versions) {
      var type = ResourceType.of(kind);
      list.add(version(type, Schemas.of(kind), type.version().equals(stored.version())));
    }
    return crd;
  }

  /// The CRD of a type with this one version.
  public static ObjectNode json(ResourceType type, Schema schema) {
    var crd = head(type);
    crd.withObjectProperty("spec").putArray("versions").add(version(type, schema, true));
    return crd;
  }

  private static ObjectNode head(ResourceType stored) {
    var crd = Json.object();
    crd.put("apiVersion", "apiextensions.k8s.io/v1").put("kind", "CustomResourceDefinition");
    crd.putObject("metadata").put("name", stored.resource());
    var spec = crd.putObject("spec");
    spec.put("group", stored.group());
    spec.set("names", names(stored));
    spec.put("scope", stored.namespaced() ? "Namespaced" : "Cluster");
    return crd;
  }

  /// As [#json(Class)], as a YAML document.
  public static String yaml(Class<? extends Resource> kind) {
    return Yaml.write(json(kind));
  }

  /// As [#json(List)], as a YAML document.
  public static String yaml(List<Class<? extends Resource>> versions) {
    return Yaml.write(json(versions));
  }

  private static ObjectNode names(ResourceType type) {
    var names = Json.object();
    names.put("kind", type.kind()).put("listKind", type.kind() + "List");
    names.put("plural", type.plural()).put("singular", type.singular());
    texts(names, "shortNames", type.shortNames());
    texts(names, "categories", type.categories());
    return names;
  }

  private static ObjectNode version(ResourceType type, Schema schema, boolean stored) {
    var version = Json.object();
    version.put("name", type.version()).put("served", true).put("storage", stored);
    if (type.statusSubresource()) {
      version.putObject("subresources").putObject("status");
    }
    if (!type.columns().isEmpty()) {
      var columns = version.putArray("additionalPrinterColumns");
      type.columns().forEach(column -> addColumn(columns, column));
    }
    version.putObject("schema").set("openAPIV3Schema", schema.toJson());
    return version;
  }

  private static void addColumn(ArrayNode columns, ResourceType.Column column) {
    var json = columns.addObject();
    json.put("name", column.name()).put("type", column.type()).put("jsonPath", column.jsonPath());
    if (column.priority() != 0) {
      json.put("priority", column.priority());
    }
  }

  private static void texts(ObjectNode target, String field, List<String> values) {
    if (!values.isEmpty()) {
      var array = target.putArray(field);
      values.forEach(array::add);
    }
  }
}
