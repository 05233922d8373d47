package io.nave.apiserver.kinds;

import io.nave.api.Absent;
import io.nave.api.Kind;
import io.nave.api.Meta;
import io.nave.api.Resource;
import io.nave.api.schema.Doc;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Data of which the values are secret.
///
/// @param data values in base64
/// @param stringData values as they are; only ever sent, never stored
@Doc("Secret holds secret data of a certain type.")
@Kind(
    group = "",
    version = "v1",
    plural = "secrets",
    status = false,
    columns = {
      @Kind.PrintColumn(name = "Type", path = ".type"),
      @Kind.PrintColumn(name = "Data", path = ""),
      @Kind.PrintColumn(name = "Age", type = "date", path = ".metadata.creationTimestamp")
    })
public record Secret(
    Meta metadata,
    @Nullable String type,
    Map<String, String> data,
    Map<String, String> stringData,
    @Nullable Boolean immutable)
    implements Resource {
  public Secret {
    data = Absent.toEmpty(data);
    stringData = Absent.toEmpty(stringData);
  }

  /// Names only; the values are secret.
  @Override
  public String toString() {
    return "Secret " + key();
  }
}
