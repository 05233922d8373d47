package io.nave.apiserver.kinds;

import io.nave.api.Absent;
import io.nave.api.Kind;
import io.nave.api.Meta;
import io.nave.api.Resource;
import io.nave.api.schema.Doc;
import io.nave.api.schema.ListAtomic;
import io.nave.api.schema.Preserve;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// How much of something a namespace may have: here, how many objects of a kind.
@Doc("ResourceQuota limits how many objects of a kind a namespace may have.")
@Kind(
    group = "",
    version = "v1",
    plural = "resourcequotas",
    shortNames = "quota",
    columns = {
      @Kind.PrintColumn(name = "Request", path = ""),
      @Kind.PrintColumn(name = "Limit", path = ""),
      @Kind.PrintColumn(name = "Age", type = "date", path = ".metadata.creationTimestamp")
    })
public record ResourceQuota(Meta metadata, @Nullable Spec spec, @Nullable Status status)
    implements Resource {
  /// @param hard quantities by what they limit, such as `count/configmaps`
  /// @param scopes of pods, which a hub has none of
  public record Spec(
      @Preserve Map<String, JsonNode> hard,
      @ListAtomic List<String> scopes,
      @Preserve @Nullable JsonNode scopeSelector) {
    public Spec {
      hard = Absent.toEmpty(hard);
      scopes = Absent.toEmpty(scopes);
    }
  }

  /// @param hard as it was when `used` was counted
  public record Status(@Preserve Map<String, JsonNode> hard, @Preserve Map<String, JsonNode> used) {
    public Status {
      hard = Absent.toEmpty(hard);
      used = Absent.toEmpty(used);
    }
  }
}
