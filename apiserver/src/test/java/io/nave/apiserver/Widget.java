package io.nave.apiserver;

import io.nave.api.Kind;
import io.nave.api.Meta;
import io.nave.api.Resource;
import io.nave.api.schema.Default;
import io.nave.api.schema.OneOf;
import io.nave.api.schema.Required;
import org.jspecify.annotations.Nullable;

/// A kind to test with, as a feature would define one.
@Kind(group = "example.io", version = "v1", plural = "widgets")
public record Widget(Meta metadata, Spec spec, @Nullable Status status) implements Resource {
  public record Spec(
      @Required int size,
      @Default("\"red\"") @OneOf({"red", "blue"}) String colour,
      @Nullable String note) {}

  public record Status(@Nullable String phase) {}
}
