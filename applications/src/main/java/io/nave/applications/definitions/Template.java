package io.nave.applications.definitions;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A template that was read, its expressions compiled; see the language in package-info. Built by
/// [TemplateReader], expanded by [Expansion].
sealed interface Template {
  /// Stands for itself.
  record Constant(JsonNode value) implements Template {}

  /// Exactly `${expr}`.
  record Value(Expression expression) implements Template {}

  /// Text around expressions.
  record Text(List<Piece> pieces) implements Template {}

  /// An object with something to expand in it.
  ///
  /// @param includeWhen null: always
  record Fields(@Nullable Expression includeWhen, List<Field> fields) implements Template {}

  record Field(String name, Template value) {}

  /// A list with something to expand in it.
  record Items(List<Template> items) implements Template {}

  /// One result for each element.
  ///
  /// @param index the name of the position; null when it is not asked for
  /// @param key yields the field name of each result; null: the results are a list
  record ForEach(
      @Nullable Expression includeWhen,
      Expression list,
      String as,
      @Nullable String index,
      @Nullable Template key,
      Template body)
      implements Template {}

  /// A piece of a [Text].
  sealed interface Piece {
    record Plain(String text) implements Piece {}

    record Filled(Expression expression) implements Piece {}
  }
}
