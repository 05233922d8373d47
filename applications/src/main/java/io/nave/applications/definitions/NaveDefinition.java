package io.nave.applications.definitions;

import io.nave.api.ApiError;
import io.nave.api.Json;
import io.nave.api.cel.CelValues;
import io.nave.api.schema.Schema;
import io.nave.api.schema.Validation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A definition in Nave's own language. Its schema is read at once, its templates and expressions
/// when it is first rendered or judged: checking properties needs no CEL.
final class NaveDefinition implements Definition {
  private static final ObjectNode NOTHING = Json.object();

  private final String name;
  private final Role role;
  private final ObjectNode parts;
  private final KindHealth kinds;
  private final Schema schema; // of an object whose field `properties` is the parameter
  private volatile @Nullable Program program; // a race compiles twice, harmlessly

  /// What needs CEL.
  private record Program(
      @Nullable Template output,
      @Nullable Template outputs,
      @Nullable Template patch,
      @Nullable Template errs,
      StatusProgram status,
      SortedMap<String, List<LivePath>> livePaths) {}

  NaveDefinition(String name, Role role, ObjectNode parts, KindHealth kinds) {
    this.name = name;
    this.role = role;
    this.parts = parts;
    this.kinds = kinds;
    var parameter = Json.object().put("type", "object");
    if (parts.get("parameter") instanceof ObjectNode given) {
      parameter.setAll(given);
    }
    var wrapper = Json.object().put("type", "object");
    wrapper.putObject("properties").set("properties", parameter);
    try {
      schema = Schema.parse(wrapper);
    } catch (ApiError e) {
      throw new BadDefinition(label(), "parameter", String.valueOf(e.getMessage()));
    }
  }

  private String label() {
    return role.kind() + " " + name;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Role role() {
    return role;
  }

  @Override
  public Parameters check(@Nullable JsonNode properties, String path) {
    // Wrapped, because the root of an admitted object counts as a resource with metadata.
    var given = properties == null || properties.isNull() ? Json.object() : properties;
    var wrapped = Json.object();
    wrapped.set("properties", given);
    var admitted = Validation.admit(wrapped, schema);
    var root = path.endsWith(".properties") ? path.substring(0, path.length() - 11) : path;
    var faults = new ArrayList<ApiError.Cause>();
    for (var fault : admitted.faults()) {
      faults.add(
          new ApiError.Cause(
              fault.reason(),
              root + "." + fault.field(),
              fault.message().replace(fault.field(), root + "." + fault.field())));
    }
    var value = admitted.object().get("properties");
    return new Parameters(
        value instanceof ObjectNode object ? object : NOTHING,
        admitted.dropped().stream().map(field -> root + "." + field).toList(),
        faults);
  }

  @Override
  public Rendering render(ObjectNode parameter, ObjectNode context) {
    var ready = program();
    var expansion = new Expansion(label());
    var scope = scope(parameter, context);
    refuse(ready, expansion, scope);
    var output = object(ready.output(), expansion, scope, "output");
    if (output != null) {
      var further = context.deepCopy();
      further.set("output", output);
      scope.put("context", CelValues.toCel(further));
    }
    var outputs = new LinkedHashMap<String, ObjectNode>();
    var others = object(ready.outputs(), expansion, scope, "outputs");
    if (others != null) {
      for (var entry : others.properties()) {
        outputs.put(entry.getKey(), manifest(entry.getValue(), "outputs." + entry.getKey()));
      }
    }
    if (output != null) {
      manifest(output, "output");
    }
    return new Rendering(output, outputs, object(ready.patch(), expansion, scope, "patch"));
  }

  private static Map<String, Object> scope(ObjectNode parameter, ObjectNode context) {
    var scope = new LinkedHashMap<String, Object>();
    scope.put("parameter", CelValues.toCel(parameter));
    scope.put("context", CelValues.toCel(context));
    return scope;
  }

  private void refuse(Program ready, Expansion expansion, Map<String, Object> scope) {
    var errs = ready.errs() == null ? null : expansion.expand(ready.errs(), scope);
    if (errs instanceof ArrayNode list && !list.isEmpty()) {
      throw new RenderFault(
          String.join("; ", list.valueStream().map(text -> text.asString("")).toList()));
    }
  }

  private @Nullable ObjectNode object(
      @Nullable Template template, Expansion expansion, Map<String, Object> scope, String path) {
    var node = template == null ? null : expansion.expand(template, scope);
    if (node == null || node instanceof ObjectNode) {
      return (ObjectNode) node;
    }
    throw new RenderFault(label() + ": " + path + ": expected an object, found " + node);
  }

  private ObjectNode manifest(JsonNode node, String path) {
    if (node instanceof ObjectNode object
        && object.path("apiVersion").isString()
        && object.path("kind").isString()) {
      return object;
    }
    throw new RenderFault(
        label() + ": " + path + ": expected a Kubernetes object with apiVersion and kind");
  }

  @Override
  public SortedMap<String, List<LivePath>> livePaths(Map<String, ObjectNode> objects) {
    return perKind() ? kinds.livePaths(objects) : program().livePaths();
  }

  @Override
  public Health health(ObjectNode parameter, ObjectNode context, Map<String, ObjectNode> live) {
    if (perKind()) {
      return kinds.health(live);
    }
    var full = context.deepCopy();
    var outputs = full.putObject("outputs");
    live.forEach((key, object) -> {
      if (key.equals(MAIN)) {
        full.set("output", object);
      } else {
        outputs.set(key, object);
      }
    });
    return program().status().judge(scope(parameter, full));
  }

  private boolean perKind() {
    return parts.path("status").path("perKind").asBoolean(false);
  }

  private Program program() {
    var ready = program;
    if (ready == null) {
      ready = compile();
      program = ready;
    }
    return ready;
  }

  private Program compile() {
    var reader = new TemplateReader(label());
    var status = StatusProgram.compile(label(), parts.path("status"));
    return new Program(
        template(reader, "output"),
        template(reader, "outputs"),
        template(reader, "patch"),
        template(reader, "errs"),
        status,
        LivePaths.of(status.expressions()));
  }

  private @Nullable Template template(TemplateReader reader, String part) {
    var node = parts.get(part);
    return node == null ? null : reader.read(node, part);
  }
}
