package io.nave.apiserver.kinds;

import io.nave.api.Absent;
import io.nave.api.Kind;
import io.nave.api.Meta;
import io.nave.api.Resource;
import io.nave.api.schema.Doc;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Configuration for others to read.
@Doc("ConfigMap holds configuration data for others to consume.")
@Kind(
    group = "",
    version = "v1",
    plural = "configmaps",
    shortNames = "cm",
    status = false,
    columns = {
      @Kind.PrintColumn(name = "Data", path = ""),
      @Kind.PrintColumn(name = "Age", type = "date", path = ".metadata.creationTimestamp")
    })
public record ConfigMap(
    Meta metadata,
    Map<String, String> data,
    Map<String, String> binaryData,
    @Nullable Boolean immutable)
    implements Resource {
  public ConfigMap {
    data = Absent.toEmpty(data);
    binaryData = Absent.toEmpty(binaryData);
  }
}
