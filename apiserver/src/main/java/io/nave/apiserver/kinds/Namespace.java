package io.nave.apiserver.kinds;

import io.nave.api.Absent;
import io.nave.api.Kind;
import io.nave.api.Meta;
import io.nave.api.Resource;
import io.nave.api.schema.Doc;
import io.nave.api.schema.ListMap;
import io.nave.api.schema.Preserve;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A scope for names.
@Doc("Namespace provides a scope for Names.")
@Kind(
    group = "",
    version = "v1",
    plural = "namespaces",
    shortNames = "ns",
    namespaced = false,
    columns = {
      @Kind.PrintColumn(name = "Status", path = ".status.phase"),
      @Kind.PrintColumn(name = "Age", type = "date", path = ".metadata.creationTimestamp")
    })
public record Namespace(Meta metadata, @Nullable Spec spec, @Nullable Status status)
    implements Resource {
  /// The finalizer that keeps a namespace until everything in it is gone.
  public static final String FINALIZER = "kubernetes";

  public record Spec(@Doc("Who still has to clean up before it goes.") List<String> finalizers) {
    public Spec {
      finalizers = Absent.toEmpty(finalizers);
    }
  }

  /// @param phase `Active` or `Terminating`
  public record Status(
      @Nullable String phase, @Preserve @ListMap("type") List<JsonNode> conditions) {
    public Status {
      conditions = Absent.toEmpty(conditions);
    }
  }

  public static Namespace named(String name) {
    return new Namespace(Meta.named(name), null, null);
  }
}
