package io.nave.apiserver.http;

import io.nave.api.ApiError;
import io.nave.api.Json;
import io.nave.api.ResourceType;
import io.nave.apiserver.Api;
import io.nave.runtime.Service;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/// The schema documents behind `kubectl explain` and the validation that clients do themselves:
/// OpenAPI v3 for each group and version, and v2 for all. Made when first asked for, and kept until
/// other types are served. Thread-safe.
final class OpenApi {
  /// What kubectl asks for; older ones read nothing else. The `@` makes it no media type, so the
  /// answer is called [#PROTOBUF], as kube-apiserver does.
  static final String PROTOBUF_ASKED = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";

  static final String PROTOBUF = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

  static final String V2_ROOT = "#/definitions/";
  private static final String V3 = "/openapi/v3/";
  private static final String V3_ROOT = "#/components/schemas/";

  private final Api api;
  private final OpenApiSchemas schemas;
  private final ObjectNode info;
  private final KeptDocuments kept = new KeptDocuments();

  OpenApi(Api api, String title, String version) {
    this.api = api;
    this.schemas = new OpenApiSchemas(api);
    this.info = Json.object().put("title", title).put("version", version);
  }

  /// The answer at a path under `/openapi`.
  ///
  /// A document of v3 whose URL names its hash may be kept for ever; who names another is sent to
  /// the right one.
  ///
  /// @param hash of the query; empty for none
  /// @throws ApiError NotFound, or NotAcceptable
  Service.Reply answer(String path, String hash, Map<String, String> headers, Instant now) {
    var known = headers.getOrDefault("if-none-match", "");
    var document = document(path, headers.getOrDefault("accept", ""));
    if (hash.isEmpty() || !path.startsWith(V3)) {
      return document.reply(known);
    }
    return hash.equals(document.hash())
        ? document.lasting(known, now)
        : document.movedTo(url(path.substring(V3.length()), document));
  }

  /// In protobuf for who asks so, where it is served so; else in JSON, for who takes that.
  private Document document(String path, String accept) {
    if (path.equals("/openapi/v2")
        && (Media.names(accept, PROTOBUF_ASKED) || Media.names(accept, PROTOBUF))) {
      return v2Protobuf();
    }
    Media.of(accept, false);
    return switch (path) {
      case "/openapi/v2" -> v2();
      case "/openapi/v3" -> v3();
      default -> {
        if (path.startsWith(V3)) {
          yield v3(path.substring(V3.length()));
        }
        throw ApiError.noSuchPath();
      }
    };
  }

  private static String url(String place, Document document) {
    return V3 + place + "?hash=" + document.hash();
  }

  /// `/openapi/v2` as JSON.
  private Document v2() {
    return kept("v2", () -> Document.json(Json.encode(v2Tree())));
  }

  /// `/openapi/v2` as the protobuf message of gnostic.
  private Document v2Protobuf() {
    return kept("v2+", () -> Document.of(PROTOBUF, OpenApiProtobuf.encode(v2Tree())));
  }

  private ObjectNode v2Tree() {
    var document = Json.object().put("swagger", "2.0");
    document.set("info", info);
    document.putObject("paths");
    var all = schemas.of(_ -> true, V2_ROOT);
    OpenApiSchemas.simplify(all);
    document.set("definitions", all);
    return document;
  }

  /// `/openapi/v3`: where the documents of groups are, each with the hash of its content.
  private Document v3() {
    return kept(
        "v3",
        () -> {
          var document = Json.object();
          var paths = document.putObject("paths");
          var seen = new LinkedHashSet<String>();
          api.types().forEach(type -> seen.add(place(type)));
          for (var place : seen) {
            paths.putObject(place).put("serverRelativeURL", url(place, v3(place)));
          }
          return Document.json(Json.encode(document));
        });
  }

  /// The document of one group and version, such as `apis/apps/v1`.
  ///
  /// @throws ApiError NotFound
  private Document v3(String place) {
    if (api.types().stream().noneMatch(type -> place(type).equals(place))) {
      throw ApiError.noSuchPath();
    }
    return kept("v3/" + place, () -> Document.json(Json.encode(v3Tree(place))));
  }

  private ObjectNode v3Tree(String place) {
    var document = Json.object().put("openapi", "3.0.0");
    document.set("info", info);
    var paths = document.putObject("paths");
    for (var type : api.types()) {
      if (place(type).equals(place)) {
        paths(paths, type);
      }
    }
    document
        .putObject("components")
        .set("schemas", schemas.of(type -> place(type).equals(place), V3_ROOT));
    return document;
  }

  private void paths(ObjectNode paths, ResourceType type) {
    var verbs = api.verbs(type, "");
    var collection = type.path(type.namespaced() ? "{namespace}" : "");
    operation(paths, collection, "get", "list", type, verbs);
    operation(paths, collection, "post", "create", type, verbs);
    operation(paths, collection + "/{name}", "get", "get", type, verbs);
    operation(paths, collection + "/{name}", "put", "update", type, verbs);
    operation(paths, collection + "/{name}", "patch", "patch", type, verbs);
    operation(paths, collection + "/{name}", "delete", "delete", type, verbs);
  }

  private static void operation(
      ObjectNode paths,
      String path,
      String method,
      String verb,
      ResourceType type,
      List<String> verbs) {
    if (!verbs.contains(verb)) {
      return;
    }
    var operation = paths.withObjectProperty(path).putObject(method);
    operation.put("x-kubernetes-action", verb.equals("create") ? "post" : verb);
    operation.set(OpenApiSchemas.GVK, OpenApiSchemas.gvk(type));
    if (!verb.equals("get") && !verb.equals("list")) {
      var parameters = operation.putArray("parameters");
      for (var name : List.of("dryRun", "fieldManager", "fieldValidation")) {
        var parameter = parameters.addObject().put("name", name).put("in", "query");
        parameter.putObject("schema").put("type", "string").put("uniqueItems", true);
      }
    }
    var answer = operation.putObject("responses").putObject("200").put("description", "OK");
    answer
        .putObject("content")
        .putObject("application/json")
        .putObject("schema")
        .put("$ref", V3_ROOT + OpenApiSchemas.name(type));
  }

  private static String place(ResourceType type) {
    return (type.group().isEmpty() ? "api/" : "apis/") + type.apiVersion();
  }

  private Document kept(String name, Supplier<Document> make) {
    return kept.get(api.edition(), name, make);
  }
}
