package io.nave.placement.schedule;

import io.nave.api.Json;
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
  /// @throws Misconfigured when an expression would run for too long
  static RoaringBitmap matched(Estate estate, RoaringBitmap candidates, List<Clause> clauses) {
    if (clauses.isEmpty()) {
      return candidates.clone();
    }
    var found = new RoaringBitmap();
    for (var clause : clauses) {
      var left = candidates.clone();
      estate.fleet().retain(left, clause.labels(), clause.claims());
      if (!clause.expressions().isEmpty()) {
        retainByExpressions(estate, left, clause);
      }
      found.or(left);
    }
    return found;
  }

  private static void retainByExpressions(Estate estate, RoaringBitmap left, Clause clause) {
    for (var cluster : left.toArray()) {
      if (!expressionsHold(estate, estate.fleet().known(cluster), clause)) {
        left.remove(cluster);
      }
    }
  }

  /// As [#matched], of one candidate.
  static boolean matches(Estate estate, ClusterRow row, List<Clause> clauses) {
    if (clauses.isEmpty()) {
      return true;
    }
    for (var clause : clauses) {
      if (clause.labels().matches(row.labels())
          && clause.claims().matches(row.claims())
          && expressionsHold(estate, row, clause)) {
        return true;
      }
    }
    return false;
  }

  private static boolean expressionsHold(Estate estate, ClusterRow row, Clause clause) {
    if (clause.expressions().isEmpty()) {
      return true;
    }
    var document = row.document();
    if (document == null) {
      return false;
    }
    for (var i = 0; i < clause.expressions().size(); i++) {
      try {
        var expression = clause.expressions().get(i);
        if (!expression.test(document, name -> scores(estate.scores(), name, row.name()))) {
          return false;
        }
      } catch (Expressions.BadExpression e) {
        throw new Misconfigured(
            PREDICATE,
            clause.path()
                + ".celExpressions["
                + i
                + "]: on cluster "
                + row.name()
                + ": "
                + e.getMessage());
      }
    }
    return true;
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
