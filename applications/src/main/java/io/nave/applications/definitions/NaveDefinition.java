package io.nave.applications.definitions;

import io.nave.api.ApiError;
import io.nave.api.Json;
import io.nave.api.cel.CelValues;
import io.nave.api.schema.Schema;
import io.nave.api.schema.Validation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A definition in Nave's own language. Its schema is read at once, its templates and expressions
/// when it is first rendered or judged: checking properties needs no CEL.
final class NaveDefinition implements Definition {
  private static final ObjectNode NOTHING = Json.object();
  private static final String DESCRIPTION = "definition.oam.dev/description";
  private static final List<String> TEMPLATES =
      List.of("output", "outputs", "patch", "podPatch", "patchOutputs", "errs");

  private final String name;
  private final Role role;
  private final String description;
  private final String version;
  private final String podSpecPath;
  private final TraitRules rules;
  private final ObjectNode parts;
  private final KindHealth kinds;
  private final Schema schema; // of an object whose field `properties` is the parameter
  private volatile @Nullable Program program; // a race compiles twice, harmlessly

  /// What needs CEL.
  private record Program(
      Map<String, Expression> let,
      Map<String, Template> templates,
      StatusProgram status,
      SortedMap<String, List<LivePath>> livePaths,
      boolean readsCluster) {}

  /// @param parts what is under `spec.schematic.nave` of the manifest
  NaveDefinition(String name, Role role, ObjectNode manifest, ObjectNode parts, KindHealth kinds) {
    this.name = name;
    this.role = role;
    var spec = manifest.path("spec");
    description =
        manifest.path("metadata").path("annotations").path(DESCRIPTION).asString("").strip();
    version = spec.path("version").asString("");
    podSpecPath = spec.path("podSpecPath").asString("");
    rules = role == Role.TRAIT ? TraitRules.of(label(), spec) : TraitRules.NONE;
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
  public String description() {
    return description;
  }

  @Override
  public String version() {
    return version;
  }

  @Override
  public TraitRules rules() {
    return rules;
  }

  @Override
  public String podSpecPath() {
    return podSpecPath;
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
  public String refers() {
    return parts.path("refers").asString("");
  }

  @Override
  public ObjectNode schema() {
    return (ObjectNode) schema.toJson().path("properties").path("properties");
  }

  @Override
  public List<BadDefinition> faults() {
    var faults = new ArrayList<BadDefinition>();
    var reader = new TemplateReader(label());
    var let = new LinkedHashSet<String>();
    for (var entry : parts.path("let").properties()) {
      attempt(faults, () -> reader.let(entry.getKey(), entry.getValue(), let));
      let.add(entry.getKey());
    }
    for (var part : TEMPLATES) {
      attempt(faults, () -> template(reader, part, let));
    }
    attempt(faults, () -> LivePaths.of(status().expressions()));
    attempt(faults, this::requirePatchStrategy);
    attempt(faults, this::requireOutput);
    return faults;
  }

  private static void attempt(List<BadDefinition> faults, Runnable reading) {
    try {
      reading.run();
    } catch (BadDefinition e) {
      faults.add(e);
    }
  }

  private void requireOutput() {
    if (role == Role.COMPONENT && !parts.has("output")) {
      throw new BadDefinition(
          label(), "spec.schematic.nave", "has no part \"output\", the main object of a component");
    }
  }

  @Override
  public Rendering render(ObjectNode parameter, ObjectNode context) {
    return new Round(parameter, context).rendering();
  }

  /// One rendering.
  private final class Round {
    private final Program ready = program();
    private final Expansion expansion = new Expansion(label());
    private final ObjectNode context;
    private final Map<String, Object> scope;

    Round(ObjectNode parameter, ObjectNode context) {
      this.context = context;
      scope = scope(parameter, context);
      ready.let().forEach((word, value) -> scope.put(word, expansion.evaluate(value, scope)));
    }

    Rendering rendering() {
      refuse();
      var output = object("output");
      if (output != null) {
        var further = Json.object().setAll(context);
        further.set("output", output);
        scope.put("context", CelValues.toCel(further));
      }
      return new Rendering(output == null ? null : manifest(output, "output"), outputs(), edits());
    }

    /// An object of them, or a list of such objects.
    private Map<String, ObjectNode> outputs() {
      var outputs = new LinkedHashMap<String, ObjectNode>();
      var expanded = expand("outputs");
      if (expanded == null) {
        return outputs;
      }
      var groups = expanded instanceof ArrayNode list ? list.values() : List.of(expanded);
      for (var group : groups) {
        if (!(group instanceof ObjectNode object)) {
          throw new RenderFault(label() + ": outputs: expected an object, found " + group);
        }
        for (var entry : object.properties()) {
          outputs.put(entry.getKey(), manifest(entry.getValue(), "outputs." + entry.getKey()));
        }
      }
      return outputs;
    }

    private void refuse() {
      if (expand("errs") instanceof ArrayNode list && !list.isEmpty()) {
        throw new RenderFault(
            String.join("; ", list.valueStream().map(text -> text.asString("")).toList()));
      }
    }

    private List<Edit> edits() {
      var edits = new ArrayList<Edit>();
      var patch = object("patch");
      if (patch != null) {
        edits.add(edit(patch));
      }
      var pods = object("podPatch");
      if (pods != null) {
        edits.add(new Edit(MAIN, Edit.Form.POD, pods));
      }
      var others = object("patchOutputs");
      if (others != null) {
        others
            .properties()
            .forEach(
                entry -> edits.add(new Edit(entry.getKey(), Edit.Form.MERGE, entry.getValue())));
      }
      return edits;
    }

    private Edit edit(ObjectNode patch) {
      return switch (parts.path("patchStrategy").asString("")) {
        case "jsonMergePatch" -> new Edit(MAIN, Edit.Form.JSON_MERGE, patch);
        case "jsonPatch" -> new Edit(MAIN, Edit.Form.JSON, patch.path("operations"));
        default -> new Edit(MAIN, Edit.Form.MERGE, patch);
      };
    }

    private @Nullable JsonNode expand(String part) {
      var template = ready.templates().get(part);
      return template == null ? null : expansion.expand(template, scope);
    }

    private @Nullable ObjectNode object(String part) {
      var node = expand(part);
      if (node == null || node instanceof ObjectNode) {
        return (ObjectNode) node;
      }
      throw new RenderFault(label() + ": " + part + ": expected an object, found " + node);
    }
  }

  private static Map<String, Object> scope(ObjectNode parameter, ObjectNode context) {
    var scope = new LinkedHashMap<String, Object>();
    scope.put("parameter", CelValues.toCel(parameter));
    scope.put("context", CelValues.toCel(context));
    return scope;
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
  public boolean readsCluster() {
    return program().readsCluster();
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
    var full = Json.object().setAll(context);
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
    var let = new LinkedHashMap<String, Expression>();
    for (var entry : parts.path("let").properties()) {
      let.put(entry.getKey(), reader.let(entry.getKey(), entry.getValue(), let.keySet()));
    }
    var templates = new LinkedHashMap<String, Template>();
    for (var part : TEMPLATES) {
      var template = template(reader, part, let.keySet());
      if (template != null) {
        templates.put(part, template);
      }
    }
    var status = status();
    return new Program(
        let,
        templates,
        status,
        LivePaths.of(status.expressions()),
        ClusterReads.any(reader.compiled()));
  }

  private @Nullable Template template(TemplateReader reader, String part, Set<String> names) {
    var node = parts.get(part);
    return node == null ? null : reader.read(node, part, names);
  }

  private StatusProgram status() {
    return StatusProgram.compile(label(), parts.path("status"));
  }

  private void requirePatchStrategy() {
    var strategy = parts.path("patchStrategy").asString("");
    if (!List.of("", "jsonMergePatch", "jsonPatch").contains(strategy)) {
      throw new BadDefinition(
          label(), "patchStrategy", "expected jsonMergePatch or jsonPatch, found " + strategy);
    }
  }
}
