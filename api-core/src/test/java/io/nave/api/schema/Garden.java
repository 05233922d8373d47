package io.nave.api.schema;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import io.nave.api.Condition;
import io.nave.api.Kind;
import io.nave.api.LabelSelector;
import io.nave.api.Meta;
import io.nave.api.Resource;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A kind that uses everything a schema can be made of.
@Doc("Plants in beds.")
@Kind(
    group = "test.nave.io",
    version = "v1",
    plural = "gardens",
    shortNames = "gd",
    categories = "nave",
    namespaced = false,
    columns = {
      @Kind.PrintColumn(name = "Beds", type = "integer", path = ".spec.size"),
      @Kind.PrintColumn(
          name = "Age",
          type = "date",
          path = ".metadata.creationTimestamp",
          priority = 1)
    })
record Garden(Meta metadata, @Required @Doc("What is wanted.") Spec spec, @Nullable Status status)
    implements Resource {

  @Rule(rule = "self.size > 0 || self.fallow", message = "an empty garden must be fallow")
  record Spec(
      @Doc("Number of beds.") @Default("1") @Range(min = 0, max = 100) int size,
      @Nullable Long area,
      boolean fallow,
      @Nullable Double slope,
      @Required @Length(min = 1, max = 20) @Pattern("^[a-z][-a-z]*$") String name,
      @OneOf({"Clay", "Sand"}) @Default("Clay") String soil,
      Season season,
      @ListMap("name") @Items(max = 3) List<Bed> beds,
      @ListSet List<@Pattern("^[a-z]+$") String> tags,
      @ListAtomic @Items(min = 1) List<Integer> rows,
      Map<String, @Length(max = 5) String> notes,
      @Items(max = 2) Map<String, Bed> named,
      @IntOrString @Nullable JsonNode share,
      @Embedded List<JsonNode> manifests,
      @Nullable JsonNode anything,
      @Preserve @Nullable Bed loose,
      LabelSelector selector,
      @Nullable Instant planted,
      @JsonProperty("public") boolean open,
      @Nullable Text text) {

    @JsonIgnore
    boolean empty() {
      return size == 0;
    }
  }

  enum Season {
    Spring,
    @JsonProperty("Fall")
    AUTUMN
  }

  record Bed(@Required String name, @Default("{}") Soil soil) {}

  record Soil(@Default("7") int ph) {}

  record Text(@JsonValue String value) {}

  record Status(List<Condition> conditions, @Range(min = 0) int ripe) {}
}
