package io.nave.workhub;

import io.nave.api.Json;
import io.nave.api.cel.BadExpression;
import io.nave.api.cel.CelEnvironment;
import io.nave.api.cel.CelFault;
import io.nave.api.cel.CelProgram;
import io.nave.api.cel.CelValues;
import io.nave.registration.api.ManagedCluster;
import io.nave.work.ManifestWorkReplicaSet.ClusterValues;
import io.nave.work.ManifestWorkReplicaSet.Value;
import io.nave.workhub.SetPlan.Unfit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A template with values that differ from cluster to cluster: CEL over the cluster's name, labels
/// and claims and its row of the set's table, put in at JSON pointers. Made once for a pass.
final class ClusterTemplate {
  private static final String INVALID = "ClusterValuesInvalid";
  private static final String OTHERS = "*";

  private final JsonNode template;
  private final ClusterValues values;
  private final List<CelProgram> programs;

  private ClusterTemplate(JsonNode template, ClusterValues values, List<CelProgram> programs) {
    this.template = template;
    this.values = values;
    this.programs = programs;
  }

  /// @throws Unfit when an expression is none
  static ClusterTemplate of(JsonNode template, ClusterValues values) throws Unfit {
    var programs = new ArrayList<CelProgram>();
    for (var value : values.set()) {
      try {
        programs.add(Cel.ENVIRONMENT.compile(value.expression()));
      } catch (BadExpression e) {
        throw unfit(value, String.valueOf(e.getMessage()));
      }
    }
    return new ClusterTemplate(template, values, programs);
  }

  /// The template as this cluster is to get it.
  ///
  /// @throws Unfit when an expression fails on its values, or a path leads nowhere
  JsonNode fill(ManagedCluster cluster) throws Unfit {
    var filled = template.deepCopy();
    var scope = scope(cluster);
    for (int i = 0; i < programs.size(); i++) {
      var value = values.set().get(i);
      try {
        put(filled, value, CelValues.toJson(programs.get(i).value(scope)));
      } catch (CelFault | IllegalArgumentException e) {
        throw unfit(value, String.valueOf(e.getMessage()));
      }
    }
    return filled;
  }

  private Map<String, Object> scope(ManagedCluster cluster) {
    var claims = new TreeMap<String, String>();
    cluster.status().clusterClaims().forEach(claim -> claims.put(claim.name(), claim.value()));
    var name = cluster.metadata().name();
    JsonNode row = values.table().get(name);
    if (row == null) {
      row = values.table().getOrDefault(OTHERS, Json.object());
    }
    return Map.of(
        "cluster",
        Map.of("name", name, "labels", cluster.metadata().labels(), "claims", claims),
        "row",
        CelValues.toCel(row));
  }

  /// Sets the value; an absent optional takes the field away.
  private static void put(JsonNode tree, Value value, @Nullable JsonNode json) throws Unfit {
    var cut = value.path().lastIndexOf('/');
    var last = value.path().substring(cut + 1).replace("~1", "/").replace("~0", "~");
    switch (tree.at(value.path().substring(0, cut))) {
      case ObjectNode object -> {
        if (json == null) {
          object.remove(last);
        } else {
          object.set(last, json);
        }
      }
      case ArrayNode array
          when last.matches("\\d{1,6}") && Integer.parseInt(last) < array.size() -> {
        if (json == null) {
          array.remove(Integer.parseInt(last));
        } else {
          array.set(Integer.parseInt(last), json);
        }
      }
      default -> throw unfit(value, "the path leads to nothing in the template");
    }
  }

  private static Unfit unfit(Value value, String why) {
    return new Unfit(
        INVALID, "clusterValues: %s = %s: %s".formatted(value.path(), value.expression(), why));
  }

  /// Loaded with the first expression.
  private static final class Cel {
    static final CelEnvironment ENVIRONMENT =
        CelEnvironment.standard().with(List.of("cluster", "row"));
  }
}
