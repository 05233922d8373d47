package io.nave.placement.schedule;

import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.placement.schedule.Expressions.Verdict;
import io.nave.placement.schedule.Program.Clause;
import io.nave.registration.api.ManagedClusterSet;
import java.util.Collection;
import java.util.List;
import org.roaringbitmap.RoaringBitmap;
import tools.jackson.databind.JsonNode;

/// Which clusters may be chosen at all (spec §5.1, §5.2); the taints are [Tolerance]'s.
final class Filters {
  static final String PREDICATE = "Predicate";
  static final String TAINTS = "TaintToleration";

  private Filters() {}

  /// The members of any of the sets that are not on their way out.
  static RoaringBitmap candidates(Fleet fleet, Collection<ManagedClusterSet> sets) {
    var found = new RoaringBitmap();
    sets.forEach(set -> found.or(fleet.members(set)));
    found.andNot(fleet.deleting());
    return found;
  }

  /// The candidates that match any clause; all of them when there is none.
  ///
  /// @param clauses without expressions
  static RoaringBitmap matched(Estate estate, RoaringBitmap candidates, List<Clause> clauses) {
    if (clauses.isEmpty()) {
      return candidates.clone();
    }
    var found = new RoaringBitmap();
    for (var clause : clauses) {
      var left = candidates.clone();
      estate.fleet().retain(left, clause.labels(), clause.claims());
      found.or(left);
    }
    return found;
  }

  /// Whether one candidate matches any clause, and what its expressions cost.
  ///
  /// @throws Misconfigured when an expression would run for too long
  static Verdict matches(Estate estate, ClusterRow row, List<Clause> clauses) {
    var cost = 0L;
    for (var clause : clauses) {
      if (clause.labels().matches(row.labels()) && clause.claims().matches(row.claims())) {
        var verdict = expressions(estate, row, clause);
        cost += verdict.cost();
        if (verdict.holds()) {
          return new Verdict(true, cost);
        }
      }
    }
    return new Verdict(clauses.isEmpty(), cost);
  }

  private static Verdict expressions(Estate estate, ClusterRow row, Clause clause) {
    var document = row.document();
    var cost = 0L;
    for (var i = 0; i < clause.expressions().size(); i++) {
      if (document == null) {
        return new Verdict(false, cost);
      }
      var verdict = test(estate, row, document, clause, i);
      cost += verdict.cost();
      if (!verdict.holds()) {
        return new Verdict(false, cost);
      }
    }
    return new Verdict(true, cost);
  }

  private static Verdict test(
      Estate estate, ClusterRow row, ApiObject document, Clause clause, int index) {
    try {
      return clause
          .expressions()
          .get(index)
          .test(document, name -> scores(estate.scores(), name, row.name()));
    } catch (Expressions.BadExpression e) {
      throw new Misconfigured(
          PREDICATE,
          "%s.celExpressions[%d]: on cluster %s: %s"
              .formatted(clause.path(), index, row.name(), e.getMessage()));
    }
  }

  private static JsonNode scores(ScoreBook book, String resource, String cluster) {
    var list = Json.mapper().createArrayNode();
    var page = book.page(resource, cluster);
    if (page != null) {
      page.scores()
          .forEach((name, value) -> list.addObject().put("name", name).put("value", value));
    }
    return list;
  }
}
