package io.nave.api.rules;

import io.nave.api.ApiError;
import io.nave.api.Json;
import io.nave.api.cel.BadExpression;
import io.nave.api.cel.CelBudget;
import io.nave.api.cel.CelEnvironment;
import io.nave.api.cel.CelFault;
import io.nave.api.cel.CelProgram;
import io.nave.api.cel.KubernetesCel;
import io.nave.api.schema.Schema;
import io.nave.api.schema.Schema.CelRule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// All rules of one schema, compiled. Immutable; thread-safe.
public final class SchemaRules {
  private static final CelEnvironment SCOPE =
      KubernetesCel.environment().with(List.of("self", "oldSelf"));

  private static final Pattern OLD_SELF = Pattern.compile("\\boldSelf\\b");

  /// One rule, ready to run.
  private record Compiled(
      CelRule rule, CelProgram test, @Nullable CelProgram message, boolean transition) {}

  private final Schema root;
  private final IdentityHashMap<Schema, List<Compiled>> rules = new IdentityHashMap<>();
  private final List<ApiError.Cause> broken = new ArrayList<>();

  private SchemaRules(Schema root) {
    this.root = root;
    compile(root, "");
  }

  /// The rules of a schema, compiled once for it.
  public static SchemaRules of(Schema schema) {
    return schema.derived(SchemaRules.class, SchemaRules::new);
  }

  /// What is wrong with the rules themselves: the paths are those of the schema, such as
  /// `properties[spec].x-kubernetes-validations[0].rule`. A broken rule holds nothing.
  public List<ApiError.Cause> broken() {
    return List.copyOf(broken);
  }

  // ---- compile

  private void compile(Schema schema, String at) {
    if (!schema.ruled()) {
      return;
    }
    var own = new ArrayList<Compiled>();
    for (var i = 0; i < schema.rules().size(); i++) {
      var place = (at.isEmpty() ? "" : at + ".") + "x-kubernetes-validations[" + i + "]";
      compile(schema.rules().get(i), place, own);
    }
    rules.put(schema, own);
    schema
        .properties()
        .forEach((name, each) -> compile(each, below(at, "properties[" + name + "]")));
    var values = schema.additionalProperties();
    if (values != null) {
      compile(values, below(at, "additionalProperties"));
    }
    var items = schema.items();
    if (items != null) {
      compile(items, below(at, "items"));
    }
  }

  private static String below(String at, String part) {
    return at.isEmpty() ? part : at + "." + part;
  }

  private void compile(CelRule rule, String place, List<Compiled> own) {
    var test = compiled(rule.rule(), place + ".rule", "bool");
    var message =
        rule.messageExpression().isEmpty()
            ? null
            : compiled(rule.messageExpression(), place + ".messageExpression", "string");
    var transition = OLD_SELF.matcher(rule.rule()).find();
    if (rule.optionalOldSelf() && !transition) {
      broken.add(
          invalid(
              place + ".optionalOldSelf", "true", "may not be set if oldSelf is not used in rule"));
    }
    if (test != null) {
      own.add(new Compiled(rule, test, message, transition));
    }
  }

  private @Nullable CelProgram compiled(String source, String place, String wanted) {
    try {
      var program = SCOPE.compile(source);
      var type = program.resultTypeName();
      if (!type.equals(wanted) && !type.equals("dyn")) {
        broken.add(invalid(place, Json.text(source), "must evaluate to a " + wanted));
        return null;
      }
      return program;
    } catch (BadExpression e) {
      broken.add(invalid(place, Json.text(source), "compilation failed: " + e.getMessage()));
      return null;
    }
  }

  private static ApiError.Cause invalid(String field, String value, String why) {
    return new ApiError.Cause("FieldValueInvalid", field, "Invalid value: " + value + ": " + why);
  }

  // ---- run

  /// What the rules find wrong with an object.
  ///
  /// @param old the object as it is stored; null for a new one. A rule that does not speak of
  ///   `oldSelf` is not asked again about a value that did not change
  public List<ApiError.Cause> faults(ObjectNode object, @Nullable ObjectNode old) {
    var run = new Run();
    run.check(object, old, root, "", true);
    return List.copyOf(run.found);
  }

  /// One object's way through the rules. One task only.
  private final class Run {
    private final List<ApiError.Cause> found = new ArrayList<>();
    private long left = CelBudget.REQUEST_UNITS_MAX;

    void check(JsonNode value, @Nullable JsonNode old, Schema schema, String at, boolean top) {
      var own = rules.get(schema);
      if (own == null || left < 0 || value.isNull()) {
        return;
      }
      if (!own.isEmpty()) {
        var same = old != null && Json.same(value, old);
        var self = RuleValues.of(value, schema, top);
        var before = old == null ? null : RuleValues.of(old, schema, top);
        for (var rule : own) {
          if (left >= 0 && applies(rule, before, same)) {
            ask(rule, self, before, schema, at);
          }
        }
      }
      within(value, old, schema, at);
    }

    private boolean applies(Compiled rule, @Nullable Object before, boolean same) {
      return rule.transition() ? before != null || rule.rule().optionalOldSelf() : !same;
    }

    private void ask(
        Compiled rule, Object self, @Nullable Object before, Schema schema, String at) {
      var names = new HashMap<String, Object>();
      names.put("self", self);
      if (rule.rule().optionalOldSelf()) {
        names.put("oldSelf", Optional.ofNullable(before));
      } else if (before != null) {
        names.put("oldSelf", before);
      }
      var budget = CelBudget.of(Math.min(left, CelBudget.EXPRESSION_UNITS_MAX));
      var start = budget.left();
      var type = "\"" + (schema.type().isEmpty() ? "object" : schema.type()) + "\"";
      try {
        if (!rule.test().test(names, budget)) {
          refuse(rule, names, budget, type, at);
        }
      } catch (CelFault.OverBudget e) {
        found.add(
            invalid(
                shown(at),
                type,
                "validation failed due to running out of cost budget, no further validation rules"
                    + " will be run"));
        left = -1;
        return;
      } catch (CelFault e) {
        found.add(
            invalid(shown(at), type, e.getMessage() + " evaluating rule: " + said(rule.rule())));
      }
      left -= start - Math.max(0, budget.left());
    }

    private void refuse(
        Compiled rule, Map<String, Object> names, CelBudget budget, String type, String at) {
      var message = message(rule, names, budget);
      var field =
          shown(at.isEmpty() ? plain(rule.rule().fieldPath()) : at + rule.rule().fieldPath());
      var reason = rule.rule().reason().isEmpty() ? "FieldValueInvalid" : rule.rule().reason();
      found.add(
          new ApiError.Cause(
              reason,
              field,
              switch (reason) {
                case "FieldValueForbidden" -> "Forbidden: " + message;
                case "FieldValueRequired" -> "Required value: " + message;
                case "FieldValueDuplicate" -> "Duplicate value: " + type;
                default -> "Invalid value: " + type + ": " + message;
              }));
    }

    private String message(Compiled rule, Map<String, Object> names, CelBudget budget) {
      var expression = rule.message();
      if (expression != null) {
        try {
          if (expression.value(names, budget) instanceof String text
              && !text.isBlank()
              && text.indexOf('\n') < 0
              && text.length() <= 5_120) {
            return text.strip();
          }
        } catch (CelFault e) {
          return said(rule.rule()); // as there: a message that cannot be made is replaced
        }
      }
      return said(rule.rule());
    }

    private void within(JsonNode value, @Nullable JsonNode old, Schema schema, String at) {
      switch (value) {
        case ObjectNode object -> {
          for (var entry : object.properties()) {
            var name = entry.getKey();
            var named = schema.properties().get(name);
            var each = named != null ? named : schema.additionalProperties();
            if (each != null) {
              var before = old instanceof ObjectNode was ? was.get(name) : null;
              var place =
                  named == null ? at + "[" + name + "]" : at.isEmpty() ? name : at + "." + name;
              check(entry.getValue(), before, each, place, false);
            }
          }
        }
        case ArrayNode list -> {
          var each = schema.items();
          if (each != null) {
            for (var i = 0; i < list.size(); i++) {
              check(list.get(i), twin(list.get(i), old, schema), each, at + "[" + i + "]", false);
            }
          }
        }
        default -> {
          // A scalar has nothing within.
        }
      }
    }

    /// The element of the old list with the same keys; null where elements have no identity.
    private @Nullable JsonNode twin(JsonNode element, @Nullable JsonNode old, Schema schema) {
      if (old == null || !schema.listType().equals("map")) {
        return null;
      }
      for (var other : old) {
        if (schema.listKeys().stream().allMatch(k -> other.path(k).equals(element.path(k)))) {
          return other;
        }
      }
      return null;
    }
  }

  private static String said(CelRule rule) {
    return rule.message().isEmpty() ? "failed rule: " + rule.rule().strip() : rule.message();
  }

  private static String plain(String fieldPath) {
    return fieldPath.startsWith(".") ? fieldPath.substring(1) : fieldPath;
  }

  private static String shown(String at) {
    return at.isEmpty() ? "<nil>" : at;
  }
}
