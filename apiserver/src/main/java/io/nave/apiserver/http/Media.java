package io.nave.apiserver.http;

import io.nave.api.ApiError;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The form of an answer, as the client asked for it with `Accept`: JSON of one of three shapes, or
/// YAML, see [YamlAnswers].
///
/// @param version of `meta.k8s.io` for shapes other than PLAIN
record Media(Media.Shape shape, String version) {
  /// What the JSON holds.
  enum Shape {
    /// The objects.
    PLAIN,
    /// Rows for people.
    TABLE,
    /// The objects' metadata.
    METADATA
  }

  static final Media PLAIN = new Media(Shape.PLAIN, "v1");

  private record Clause(String type, Map<String, String> parameters, double quality) {}

  /// The most wanted form that is served.
  ///
  /// @param accept the header; empty accepts anything
  /// @param shaped whether shapes other than PLAIN are served here
  /// @throws ApiError NotAcceptable when nothing fits, such as protobuf without an alternative
  static Media of(String accept, boolean shaped) {
    if (accept.isBlank()) {
      return PLAIN;
    }
    for (var clause : clauses(accept)) {
      var media = match(clause, shaped);
      if (media != null) {
        return media;
      }
    }
    throw ApiError.notAcceptable(
        "only the following media types are accepted: application/json, application/yaml"
            + (shaped
                ? ", application/json;as=Table;v=v1;g=meta.k8s.io,"
                    + " application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io"
                : ""));
  }

  /// Whether the client can take this media type, said by name: wildcards do not count.
  static boolean names(String accept, String type) {
    return clauses(accept).stream().anyMatch(clause -> clause.type().equals(type));
  }

  /// Whether YAML is what the client wants most of what is served.
  static boolean wantsYaml(String accept) {
    if (!accept.contains("yaml")) {
      return false;
    }
    for (var clause : clauses(accept)) {
      if (match(clause, true) != null) {
        return clause.type().equals(YamlAnswers.MEDIA_TYPE);
      }
    }
    return false;
  }

  private static @Nullable Media match(Clause clause, boolean shaped) {
    var type = clause.type();
    if (type.equals(YamlAnswers.MEDIA_TYPE)) {
      return PLAIN; // written as YAML at the end
    }
    if (!type.equals("application/json") && !type.equals("application/*") && !type.equals("*/*")) {
      return null;
    }
    var as = clause.parameters().getOrDefault("as", "");
    if (as.isEmpty()) {
      return PLAIN;
    }
    var version = clause.parameters().getOrDefault("v", "");
    var meta = clause.parameters().getOrDefault("g", "").equals("meta.k8s.io");
    if (!shaped || !meta || !(version.equals("v1") || version.equals("v1beta1"))) {
      return null;
    }
    return switch (as) {
      case "Table" -> new Media(Shape.TABLE, version);
      case "PartialObjectMetadata", "PartialObjectMetadataList" ->
          new Media(Shape.METADATA, version);
      default -> null;
    };
  }

  private static List<Clause> clauses(String accept) {
    var clauses = new ArrayList<Clause>();
    for (var part : accept.split(",")) {
      var words = part.split(";");
      var parameters = new TreeMap<String, String>();
      for (var i = 1; i < words.length; i++) {
        var equal = words[i].indexOf('=');
        if (equal > 0) {
          parameters.put(
              words[i].substring(0, equal).strip(), words[i].substring(equal + 1).strip());
        }
      }
      var quality = quality(parameters.getOrDefault("q", "1"));
      if (quality > 0) {
        clauses.add(new Clause(words[0].strip().toLowerCase(Locale.ROOT), parameters, quality));
      }
    }
    clauses.sort(Comparator.comparingDouble(Clause::quality).reversed());
    return clauses;
  }

  private static double quality(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return 1;
    }
  }
}
