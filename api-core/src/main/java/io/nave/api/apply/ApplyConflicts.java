package io.nave.api.apply;

import io.nave.api.ApiError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The fields that an apply would take from their owners, in Kubernetes' words.
///
/// @param taken by owner as messages show it, in order
record ApplyConflicts(Map<String, FieldSet> taken) {
  static ApplyConflicts between(Difference difference, ManagedFields owners, Manager self) {
    var said = difference.said();
    var taken = new LinkedHashMap<String, FieldSet>();
    owners.entries().stream()
        .filter(entry -> !entry.manager().is(self))
        .sorted((a, b) -> a.manager().compareTo(b.manager()))
        .forEach(entry -> {
          var fields = entry.fields().intersect(said);
          if (!fields.isEmpty()) {
            taken.merge(entry.manager().shown(), fields, FieldSet::union);
          }
        });
    return new ApplyConflicts(taken);
  }

  boolean isEmpty() {
    return taken.isEmpty();
  }

  ApplyConflicts without(FieldSet allowed) {
    var left = new LinkedHashMap<String, FieldSet>();
    taken.forEach((manager, fields) -> {
      if (!fields.minus(allowed).isEmpty()) {
        left.put(manager, fields.minus(allowed));
      }
    });
    return new ApplyConflicts(left);
  }

  ApiError toError() {
    var causes = new ArrayList<ApiError.Cause>();
    var lines = new ArrayList<String>();
    taken.forEach((manager, fields) -> {
      lines.add("conflicts with " + manager + ":");
      for (var path : fields.paths()) {
        causes.add(new ApiError.Cause("FieldManagerConflict", path, "conflict with " + manager));
        lines.add("- " + path);
      }
    });
    return ApiError.applyConflict(message(causes, lines), causes);
  }

  private static String message(List<ApiError.Cause> causes, List<String> lines) {
    if (causes.size() == 1) {
      var only = causes.getFirst();
      return "Apply failed with 1 conflict: " + only.message() + ": " + only.field();
    }
    return "Apply failed with " + causes.size() + " conflicts: " + String.join("\n", lines);
  }
}
