package io.nave.applications.api;

import io.nave.api.Absent;
import io.nave.api.Kind;
import io.nave.api.Meta;
import io.nave.api.Resource;
import io.nave.api.schema.Doc;
import io.nave.api.schema.Preserve;
import io.nave.api.schema.Required;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A policy that `deploy` steps of Applications of its namespace name, when the Application has
/// none of that name itself (spec §17).
@Doc("A policy that deploy steps of several Applications of its namespace name.")
@Kind(
    group = "core.oam.dev",
    version = "v1alpha1",
    plural = "policies",
    categories = {"oam"},
    status = false,
    columns = {
      @Kind.PrintColumn(name = "TYPE", path = ".type"),
      @Kind.PrintColumn(name = "Age", type = "date", path = ".metadata.creationTimestamp")
    })
public record Policy(Meta metadata, @Required String type, @Preserve @Nullable JsonNode properties)
    implements Resource {
  public Policy {
    type = Absent.toEmpty(type);
  }
}
