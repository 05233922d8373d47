package io.nave.placement.schedule;

import io.nave.api.LabelSelector;
import io.nave.placement.api.Placement;
import io.nave.placement.api.Placement.ClaimSelector;
import io.nave.placement.api.Placement.Predicate;
import io.nave.placement.api.Placement.Toleration;
import io.nave.placement.schedule.Program.Clause;
import io.nave.placement.schedule.Program.Grouping;
import io.nave.placement.schedule.Program.NamedGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Checks a Placement and puts it into the form it is scheduled by. Texts of faults that upstream
/// has too begin as upstream's do (spec §5.2, §5.3); the path of the field follows.
final class Compiler {
  private static final Pattern KEY =
      Pattern.compile(
          "([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");
  private static final Pattern LENGTH = Pattern.compile("(100|[1-9][0-9]?)%|[1-9][0-9]{0,8}");

  /// Most expressions of one selector, and most characters of one.
  private static final int EXPRESSIONS_MAX = 64;

  private static final int CHARACTERS_MAX = 16 * 1024;

  private final Expressions expressions;

  Compiler(Expressions expressions) {
    this.expressions = expressions;
  }

  /// @throws Misconfigured naming the first field that cannot be used
  Program compile(Placement placement) {
    var spec = placement.spec();
    var limit = spec.numberOfClusters();
    if (limit != null && limit < 0) {
      throw new Misconfigured("", "spec.numberOfClusters: expected 0 or more, found " + limit);
    }
    var clauses = clauses(spec.predicates());
    spec.tolerations().forEach(each -> check(each, spec.tolerations().indexOf(each)));
    return new Program(
        placement,
        limit == null ? Program.ALL : limit,
        clauses,
        spec.tolerations(),
        Weights.of(spec.prioritizerPolicy()),
        spec.spreadPolicy() == null ? List.of() : spec.spreadPolicy().spreadConstraints(),
        grouping(spec.decisionStrategy()),
        "Score".equals(spec.sortBy()),
        spec.moves(),
        Divisions.of(spec.replicaDivision()));
  }

  private List<Clause> clauses(List<Predicate> predicates) {
    var clauses = new ArrayList<Clause>();
    for (var i = 0; i < predicates.size(); i++) {
      clauses.add(clause(predicates.get(i), "spec.predicates[" + i + "].requiredClusterSelector"));
    }
    return List.copyOf(clauses);
  }

  private Clause clause(Predicate predicate, String path) {
    var selector = predicate.requiredClusterSelector();
    if (selector == null) {
      return new Clause(LabelSelector.everything(), LabelSelector.everything(), List.of(), path);
    }
    var cel = selector.celSelector();
    return new Clause(
        labels(Filters.PREDICATE, selector.labelSelector(), path + ".labelSelector"),
        claims(Filters.PREDICATE, selector.claimSelector(), path + ".claimSelector"),
        cel == null ? List.of() : compiled(cel.celExpressions(), path + ".celSelector"),
        path + ".celSelector");
  }

  private List<Expressions.Compiled> compiled(List<String> texts, String path) {
    if (texts.size() > EXPRESSIONS_MAX) {
      throw new Misconfigured(
          Filters.PREDICATE,
          path
              + ".celExpressions: expected at most "
              + EXPRESSIONS_MAX
              + ", found "
              + texts.size());
    }
    var compiled = new ArrayList<Expressions.Compiled>();
    for (var i = 0; i < texts.size(); i++) {
      var at = path + ".celExpressions[" + i + "]: ";
      if (texts.get(i).length() > CHARACTERS_MAX) {
        throw new Misconfigured(
            Filters.PREDICATE, at + "expected at most " + CHARACTERS_MAX + " characters");
      }
      try {
        compiled.add(expressions.compile(texts.get(i)));
      } catch (Expressions.BadExpression e) {
        throw new Misconfigured(Filters.PREDICATE, at + e.getMessage());
      }
    }
    return List.copyOf(compiled);
  }

  static LabelSelector labels(String plugin, @Nullable LabelSelector selector, String path) {
    if (selector == null) {
      return LabelSelector.everything();
    }
    for (var key : selector.matchLabels().keySet()) {
      checkKey(plugin, key, path + ".matchLabels");
    }
    return checked(plugin, selector, path);
  }

  static LabelSelector claims(String plugin, @Nullable ClaimSelector selector, String path) {
    return selector == null
        ? LabelSelector.everything()
        : checked(plugin, new LabelSelector(Map.of(), selector.matchExpressions()), path);
  }

  private static LabelSelector checked(String plugin, LabelSelector selector, String path) {
    var requirements = selector.matchExpressions();
    for (var i = 0; i < requirements.size(); i++) {
      var at = path + ".matchExpressions[" + i + "]";
      checkKey(plugin, requirements.get(i).key(), at + ".key");
      new LabelSelector(Map.of(), List.of(requirements.get(i)))
          .fault()
          .ifPresent(fault -> {
            throw new Misconfigured(plugin, at + ": " + fault);
          });
    }
    return selector;
  }

  private static void checkKey(String plugin, @Nullable String key, String path) {
    if (key == null || !KEY.matcher(key).matches()) {
      throw new Misconfigured(
          plugin,
          path
              + ": expected a name of at most 63 letters, digits, '-', '_' and '.', with an optional"
              + " prefix such as example.com/, found \""
              + key
              + "\"");
    }
  }

  private static void check(Toleration toleration, int index) {
    var exists = "Exists".equals(toleration.operator());
    if (empty(toleration.key()) && !exists) {
      throw new Misconfigured(
          Filters.TAINTS,
          "If the key is empty, operator must be Exists. (spec.tolerations[" + index + "].key)");
    }
    if (exists && !empty(toleration.value())) {
      throw new Misconfigured(
          Filters.TAINTS,
          "If the operator is Exists, the value should be empty. (spec.tolerations["
              + index
              + "].value)");
    }
  }

  private static Grouping grouping(Placement.@Nullable DecisionStrategy strategy) {
    var asked = strategy == null ? null : strategy.groupStrategy();
    if (asked == null) {
      return new Grouping("100%", List.of());
    }
    var path = "spec.decisionStrategy.groupStrategy.";
    var node = asked.clustersPerDecisionGroup();
    var length = node == null || node.isNull() ? "100%" : node.asString("");
    if (!LENGTH.matcher(length).matches()) {
      throw new Misconfigured(
          "",
          path
              + "clustersPerDecisionGroup: expected a number from 1 or a percentage of 1% to 100%,"
              + " found \""
              + length
              + "\"");
    }
    var named = new ArrayList<NamedGroup>();
    for (var i = 0; i < asked.decisionGroups().size(); i++) {
      var group = asked.decisionGroups().get(i);
      var selector = group.groupClusterSelector();
      var at = path + "decisionGroups[" + i + "].groupClusterSelector";
      named.add(
          new NamedGroup(
              group.groupName(),
              labels("", selector == null ? null : selector.labelSelector(), at + ".labelSelector"),
              claims(
                  "", selector == null ? null : selector.claimSelector(), at + ".claimSelector")));
    }
    return new Grouping(length, List.copyOf(named));
  }

  private static boolean empty(@Nullable String text) {
    return text == null || text.isEmpty();
  }
}
