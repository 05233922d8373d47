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

/// An identity for programs.
@Doc("ServiceAccount is an identity for processes.")
@Kind(
    group = "",
    version = "v1",
    plural = "serviceaccounts",
    shortNames = "sa",
    status = false,
    columns = {
      @Kind.PrintColumn(name = "Secrets", type = "integer", path = ""),
      @Kind.PrintColumn(name = "Age", type = "date", path = ".metadata.creationTimestamp")
    })
public record ServiceAccount(
    Meta metadata,
    @Preserve @ListMap("name") List<JsonNode> secrets,
    @Preserve List<JsonNode> imagePullSecrets,
    @Nullable Boolean automountServiceAccountToken)
    implements Resource {
  public ServiceAccount {
    secrets = Absent.toEmpty(secrets);
    imagePullSecrets = Absent.toEmpty(imagePullSecrets);
  }
}
