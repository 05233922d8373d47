package io.nave.apiserver.http;

import io.nave.api.Json;
import io.nave.api.ResourceType;
import io.nave.apiserver.Api;
import io.nave.runtime.Service;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// All of discovery in two documents: what newer clients read at `/api` and `/apis` instead of a
/// document for each group and version.
final class AggregatedDiscovery {
  private static final String AS = "APIGroupDiscoveryList";

  private final Api api;
  private final KeptDocuments kept = new KeptDocuments();

  AggregatedDiscovery(Api api) {
    this.api = api;
  }

  /// The version of `apidiscovery.k8s.io` that the client asks for; empty when it wants the plain
  /// documents.
  static String asked(String accept) {
    for (var clause : accept.split(",")) {
      var text = clause.replace(" ", "");
      if (text.contains("g=apidiscovery.k8s.io") && text.contains("as=" + AS)) {
        if (text.contains(";v=v2;") || text.endsWith(";v=v2")) {
          return "v2";
        }
        if (text.contains(";v=v2beta1")) {
          return "v2beta1";
        }
      } else if (text.startsWith("application/json")) {
        return "";
      }
    }
    return "";
  }

  private static String contentType(String version) {
    return "application/json;g=apidiscovery.k8s.io;v=" + version + ";as=" + AS;
  }

  /// The answer: 304 to who has it already.
  ///
  /// @param core whether it is about `/api`, else about `/apis`
  Service.Reply answer(boolean core, String version, Map<String, String> headers) {
    var reply = document(core, version).reply(headers.getOrDefault("if-none-match", ""));
    return Replies.with(reply, "cache-control", "public");
  }

  private Document document(boolean core, String version) {
    return kept.get(
        api.edition(),
        version + core,
        () -> Document.of(contentType(version), made(core, version)));
  }

  private byte[] made(boolean core, String version) {
    var groups = new LinkedHashMap<String, Map<String, ArrayNode>>();
    for (var type : api.types()) {
      if (type.group().isEmpty() == core) {
        var resources =
            groups
                .computeIfAbsent(type.group(), _ -> new LinkedHashMap<>())
                .computeIfAbsent(type.version(), _ -> Json.object().putArray("resources"));
        describe(resources.addObject(), type);
      }
    }
    var document =
        Json.object().put("kind", AS).put("apiVersion", "apidiscovery.k8s.io/" + version);
    document.putObject("metadata");
    var items = document.putArray("items");
    groups.forEach((group, versions) -> {
      var item = items.addObject();
      var meta = item.putObject("metadata");
      if (!group.isEmpty()) {
        meta.put("name", group);
      }
      var list = item.putArray("versions");
      versions.forEach((name, resources) -> {
        var one = list.addObject().put("version", name);
        one.set("resources", resources);
        one.put("freshness", "Current");
      });
    });
    return Json.encode(document);
  }

  private void describe(ObjectNode node, ResourceType type) {
    node.put("resource", type.plural());
    kind(node, type);
    node.put("scope", type.namespaced() ? "Namespaced" : "Cluster");
    node.put("singularResource", type.singular());
    strings(node, "verbs", api.verbs(type, ""));
    strings(node, "shortNames", type.shortNames());
    strings(node, "categories", type.categories());
    var names = api.subresources(type);
    if (!names.isEmpty()) {
      var sides = node.putArray("subresources");
      for (var name : names) {
        var side = sides.addObject().put("subresource", name);
        kind(side, api.answers(type, name).orElse(type));
        strings(side, "verbs", api.verbs(type, name));
      }
    }
  }

  private static void kind(ObjectNode node, ResourceType type) {
    node.putObject("responseKind")
        .put("group", type.group())
        .put("version", type.version())
        .put("kind", type.kind());
  }

  private static void strings(ObjectNode node, String field, List<String> values) {
    if (!values.isEmpty()) {
      var array = node.putArray(field);
      values.forEach(array::add);
    }
  }
}
