package io.nave.applications;

import io.nave.api.ApiError;
import io.nave.api.Codec;
import io.nave.api.Json;
import io.nave.api.ResourceType;
import io.nave.applications.api.Application;
import io.nave.applications.definitions.Definitions;
import io.nave.registration.api.ManagedCluster;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Shows what an Application would become in one cluster, without a hub.
public final class OfflineRendering {
  private OfflineRendering() {}

  /// The objects of all components.
  ///
  /// @param kubernetes the version of the cluster, such as `v1.31.0`; null: unknown, so a new one
  /// @throws ApiError Invalid with every fault of the application, or saying why nothing can be
  ///   rendered
  public static List<ObjectNode> objects(
      Application application, Definitions definitions, @Nullable String kubernetes) {
    var blueprint = Blueprint.of(application, definitions);
    var type = ResourceType.of(Application.class);
    var name = application.metadata().name();
    if (!blueprint.faults().isEmpty()) {
      throw ApiError.invalid(type, name, blueprint.faults());
    }
    var renderer = new Renderer(application, OneCluster.running(kubernetes));
    var target = new Target(OneCluster.NAME, application.metadata().namespace(), false);
    var objects = new LinkedHashSet<ObjectNode>();
    try {
      for (var component : blueprint.components()) {
        renderer.render(component, target).pieces().forEach(piece -> objects.add(piece.manifest()));
      }
    } catch (Refusal e) {
      throw ApiError.badRequest(e.text());
    }
    return new ArrayList<>(objects);
  }

  /// One cluster that says its version.
  private record OneCluster(ManagedCluster only) implements ClusterFacts {
    private static final String NAME = "example";

    static OneCluster running(@Nullable String kubernetes) {
      var object = Json.object();
      object.putObject("metadata").put("name", NAME);
      if (kubernetes != null) {
        object.putObject("status").putObject("version").put("kubernetes", kubernetes);
      }
      return new OneCluster(Codec.decode(object, ManagedCluster.class));
    }

    @Override
    public Optional<ManagedCluster> cluster(String name) {
      return name.equals(NAME) ? Optional.of(only) : Optional.empty();
    }
  }
}
