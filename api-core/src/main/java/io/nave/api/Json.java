package io.nave.api;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NumericNode;
import tools.jackson.databind.node.ObjectNode;

/// JSON as the Kubernetes API speaks it, with bounds on everything that is parsed: depth 200, names
/// 1,000 characters, numbers 100 characters and what a double holds, and no duplicate keys.
public final class Json {
  /// Deepest nesting accepted; a CRD schema of upstream's reaches about 60.
  public static final int DEPTH_MAX = 200;

  private static final JsonMapper MAPPER = mapper(true);

  /// For those who count a field that stands twice, see [#parse(byte[], Consumer)].
  private static final JsonMapper LENIENT = mapper(false);

  private static JsonMapper mapper(boolean once) {
    return JsonMapper.builder(
            JsonFactory.builder()
                .streamReadConstraints(
                    StreamReadConstraints.builder()
                        .maxNestingDepth(DEPTH_MAX)
                        .maxNameLength(1_000)
                        .maxNumberLength(100)
                        .build())
                .configure(StreamReadFeature.STRICT_DUPLICATE_DETECTION, once)
                .build())
        .nodeFactory(new Finite())
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
        .changeDefaultPropertyInclusion(inclusion ->
            inclusion.withValueInclusion(
                com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY))
        .build();
  }

  /// Refuses numbers beyond what a double holds: `1e400` would be kept as infinity, and written as
  /// a text.
  private static final class Finite extends JsonNodeFactory {
    private static final long serialVersionUID = 1L;

    @Override
    public NumericNode numberNode(double value) {
      if (!Double.isFinite(value)) {
        throw ApiError.badRequest(
            "the body is not valid JSON: a number is greater than a 64-bit float can be");
      }
      return super.numberNode(value);
    }
  }

  /// For bytes that this process encoded: they passed the bounds on their way in, and what grew
  /// beyond them since, by patches, must still be readable.
  private static final JsonMapper STORED =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(1_000)
                          .maxNameLength(Integer.MAX_VALUE)
                          .maxNumberLength(Integer.MAX_VALUE)
                          .maxStringLength(Integer.MAX_VALUE)
                          .build())
                  .build())
          .build();

  private Json() {}

  /// The mapper behind everything here, for code that streams.
  public static JsonMapper mapper() {
    return MAPPER;
  }

  /// Parses any JSON value.
  ///
  /// @throws ApiError BadRequest with the place of the fault
  public static JsonNode parse(byte[] json) {
    JsonNode value;
    try {
      value = MAPPER.readTree(json);
    } catch (JacksonException e) {
      throw ApiError.badRequest("the body is not valid JSON: " + describe(e));
    }
    if (value.isMissingNode()) {
      throw ApiError.badRequest("the body is not valid JSON: it is empty");
    }
    return value;
  }

  /// As [#parse(byte[])], but a field may stand twice in one object: then the last one counts, as
  /// in Kubernetes.
  ///
  /// @param twice told the path of each such field, such as `spec.ports[0].name`; the first 100
  public static JsonNode parse(byte[] json, Consumer<String> twice) {
    try {
      return parse(json);
    } catch (ApiError e) {
      return withDuplicates(json, twice, e);
    }
  }

  /// @throws ApiError this very fault, when the text is no JSON for another reason too
  private static JsonNode withDuplicates(byte[] json, Consumer<String> twice, ApiError fault) {
    try {
      var value = LENIENT.readTree(json);
      if (!value.isMissingNode()) {
        JsonDuplicates.in(LENIENT.createParser(json)).forEach(twice);
        return value;
      }
    } catch (JacksonException e) {
      fault.addSuppressed(e);
    }
    throw fault;
  }

  /// As [#parse(byte[])], from text.
  public static JsonNode parse(String json) {
    return parse(json.getBytes(StandardCharsets.UTF_8));
  }

  /// Parses a JSON object.
  ///
  /// @throws ApiError BadRequest when it is not JSON or not an object
  public static ObjectNode parseObject(byte[] json) {
    if (parse(json) instanceof ObjectNode object) {
      return object;
    }
    throw ApiError.badRequest("the body must be a JSON object");
  }

  /// As [#parseObject(byte[])], with fields that stand twice, see [#parse(byte[], Consumer)].
  public static ObjectNode parseObject(byte[] json, Consumer<String> twice) {
    if (parse(json, twice) instanceof ObjectNode object) {
      return object;
    }
    throw ApiError.badRequest("the body must be a JSON object");
  }

  /// The tree of bytes that [#encode] made.
  ///
  /// @throws IllegalStateException when they are no JSON object after all
  static ObjectNode stored(byte[] encoded) {
    try {
      if (STORED.readTree(encoded) instanceof ObjectNode object) {
        return object;
      }
      throw new IllegalStateException("a stored object is no JSON object");
    } catch (JacksonException e) {
      throw new IllegalStateException("a stored object is no JSON: " + e.getOriginalMessage(), e);
    }
  }

  static JsonParser storedParser(byte[] encoded) {
    return STORED.createParser(encoded);
  }

  /// The UTF-8 bytes of a value.
  public static byte[] encode(Object value) {
    return MAPPER.writeValueAsBytes(value);
  }

  /// The text of a value.
  public static String text(Object value) {
    return MAPPER.writeValueAsString(value);
  }

  /// A new empty object.
  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /// A new empty array.
  public static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }

  /// The value as a tree.
  public static JsonNode tree(Object value) {
    return MAPPER.valueToTree(value);
  }

  /// Whether two values are the same JSON: field order does not count, and numbers compare by value
  /// (`1`, a stored `long` 1 and `1.0` are equal).
  public static boolean same(JsonNode a, JsonNode b) {
    return a.equals(Json::compareLeaves, b);
  }

  private static int compareLeaves(JsonNode a, JsonNode b) {
    if (a.isIntegralNumber() && b.isIntegralNumber()) {
      return a.bigIntegerValue().compareTo(b.bigIntegerValue());
    }
    if (a.isNumber() && b.isNumber()) {
      return Double.compare(a.asDouble(), b.asDouble());
    }
    return a.equals(b) ? 0 : 1;
  }

  private static String describe(JacksonException e) {
    var at = e.getLocation();
    var place = at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
    return e.getOriginalMessage() + place;
  }
}
