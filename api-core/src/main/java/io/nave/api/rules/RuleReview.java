package io.nave.api.rules;

import io.nave.api.ApiError;
import io.nave.api.Json;
import io.nave.api.cel.KubernetesCel;
import io.nave.api.cel.TypedScope;
import io.nave.api.schema.Schema;
import io.nave.api.schema.Schema.CelRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Finds rules that compile and yet cannot hold, as Kubernetes does when a schema is written: they
/// name a field that no value has, or speak of `oldSelf` where an old value cannot be found again.
///
/// [SchemaRules] runs without types, so that a rule costs less; here each rule is compiled once
/// more with the types of its schema. Of what the compiler then says only missing fields are told:
/// there is no doubt about them. What a schema leaves open has no missing fields.
public final class RuleReview {
  /// Rules that are looked at; each costs some milliseconds. Those after them show when they run.
  private static final int RULES_MAX = 1_000;

  private static final Pattern OLD_SELF = Pattern.compile("\\boldSelf\\b");
  private static final String MISSING = "undefined field '";

  private final List<ApiError.Cause> found = new ArrayList<>();
  private int looked;

  private RuleReview() {}

  /// What is wrong with the rules of a schema; paths as those of [SchemaRules#broken].
  public static List<ApiError.Cause> of(Schema root) {
    var review = new RuleReview();
    review.look(root, "", true, null);
    return List.copyOf(review.found);
  }

  /// @param lost the path of the schema whose old and new values cannot be told to be the same;
  ///   null where they can
  private void look(Schema schema, String at, boolean top, @Nullable String lost) {
    if (!schema.ruled()) {
      return;
    }
    if (!schema.rules().isEmpty()) {
      var scope = new TypedScope(KubernetesCel.environment(), RuleValues::escaped);
      scope.declareValue("self", "Self", schema, top); // a type called as a variable would hide it
      for (var i = 0; i < schema.rules().size() && looked < RULES_MAX; i++) {
        looked++;
        look(schema.rules().get(i), scope, below(at, "x-kubernetes-validations[" + i + "]"), lost);
      }
    }
    var kept = schema.atomicMap() && lost == null ? at : lost;
    schema
        .properties()
        .forEach((name, each) -> look(each, below(at, "properties[" + name + "]"), false, kept));
    var values = schema.additionalProperties();
    if (values != null) {
      look(values, below(at, "additionalProperties"), false, lost);
    }
    var items = schema.items();
    if (items != null) {
      var correlated = schema.listType().equals("map") || lost != null;
      look(items, below(at, "items"), false, correlated ? lost : at);
    }
  }

  private void look(CelRule rule, TypedScope scope, String at, @Nullable String lost) {
    var speaks = OLD_SELF.matcher(rule.rule()).find();
    if (speaks && lost != null) {
      found.add(
          invalid(
              at + ".rule",
              rule.rule(),
              "oldSelf cannot be used on the uncorrelatable portion of the schema within "
                  + (lost.isEmpty() ? "the root" : lost)));
    }
    missing(scope, rule.rule())
        .ifPresent(why -> found.add(invalid(at + ".rule", rule.rule(), why)));
    missing(scope, rule.messageExpression())
        .ifPresent(
            why -> found.add(invalid(at + ".messageExpression", rule.messageExpression(), why)));
  }

  private static Optional<String> missing(TypedScope scope, String source) {
    if (source.isEmpty()) {
      return Optional.empty();
    }
    // An old value may be an optional one, which has other fields.
    var faults = scope.environment().with(List.of("oldSelf")).faults(source);
    return faults.contains(MISSING)
        ? Optional.of("compilation failed: " + faults)
        : Optional.empty();
  }

  private static String below(String at, String part) {
    return at.isEmpty() ? part : at + "." + part;
  }

  private static ApiError.Cause invalid(String field, String source, String why) {
    return new ApiError.Cause(
        "FieldValueInvalid", field, "Invalid value: " + Json.text(source) + ": " + why);
  }
}
