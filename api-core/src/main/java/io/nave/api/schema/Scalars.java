package io.nave.api.schema;

import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.IntNode;
import tools.jackson.databind.node.LongNode;

/// Checks texts and numbers against their bounds, patterns and formats.
final class Scalars {
  private static final Map<String, TextPattern> FORMATS =
      Map.of(
          "date", TextPattern.of("^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"),
          "uuid", TextPattern.of("^[0-9A-Fa-f]{8}-?([0-9A-Fa-f]{4}-?){3}[0-9A-Fa-f]{12}$"),
          "duration", TextPattern.of("^-?([0-9]+(\\.[0-9]+)?(ns|us|\u00b5s|ms|s|m|h))+$|^0$"),
          "email", TextPattern.of("^[^@\\s]+@[^@\\s]+$"));

  private Scalars() {}

  static void check(JsonNode value, Schema schema, Place at, Faults faults) {
    if (value.isString()) {
      checkText(value, schema, at, faults);
    } else if (value.isNumber()) {
      checkNumber(value, schema, at, faults);
    }
  }

  private static void checkText(JsonNode value, Schema schema, Place at, Faults faults) {
    var text = value.stringValue();
    var length = text.codePointCount(0, text.length());
    var min = schema.bound("minLength");
    if (min != null && length < min.asLong()) {
      faults.invalid(at, value, "should be at least " + min.asLong() + " chars long");
    }
    var max = schema.bound("maxLength");
    if (max != null && length > max.asLong()) {
      faults.add(
          "FieldValueTooLong",
          at,
          "Too long: may not be more than " + max.asLong() + " characters");
    }
    var pattern = schema.pattern;
    if (pattern != null && !pattern.isIn(text)) {
      faults.invalid(at, value, "should match '" + pattern.source() + "'");
    }
    if (!hasFormat(text, schema.format())) {
      faults.invalid(at, value, "must be of type " + schema.format() + ": " + Faults.quoted(value));
    }
  }

  private static boolean hasFormat(String text, String format) {
    var pattern = FORMATS.get(format);
    if (pattern != null) {
      return pattern.isIn(text);
    }
    try {
      switch (format) {
        case "date-time" -> OffsetDateTime.parse(text);
        case "byte" -> Base64.getDecoder().decode(text);
        default -> {}
      }
      return true;
    } catch (DateTimeParseException | IllegalArgumentException e) {
      return false;
    }
  }

  private static void checkNumber(JsonNode value, Schema schema, Place at, Faults faults) {
    var number = value.decimalValue();
    checkLow(value, number, schema, at, faults);
    checkHigh(value, number, schema, at, faults);
    var step = schema.bound("multipleOf");
    if (step != null
        && step.decimalValue().signum() > 0
        && number.remainder(step.decimalValue()).signum() != 0) {
      faults.invalid(at, value, "should be a multiple of " + step);
    }
  }

  private static void checkLow(
      JsonNode value, BigDecimal number, Schema schema, Place at, Faults faults) {
    var low = schema.bound("minimum");
    if (low == null) {
      low = widthBound(schema, false);
    }
    var exclusive = schema.flag("exclusiveMinimum");
    if (low != null && number.compareTo(low.decimalValue()) < (exclusive ? 1 : 0)) {
      faults.invalid(
          at, value, "should be greater than " + (exclusive ? "" : "or equal to ") + low);
    }
  }

  private static void checkHigh(
      JsonNode value, BigDecimal number, Schema schema, Place at, Faults faults) {
    var high = schema.bound("maximum");
    if (high == null) {
      high = widthBound(schema, true);
    }
    var exclusive = schema.flag("exclusiveMaximum");
    if (high != null && number.compareTo(high.decimalValue()) > (exclusive ? -1 : 0)) {
      faults.invalid(at, value, "should be less than " + (exclusive ? "" : "or equal to ") + high);
    }
  }

  /// What the format of an integer can hold.
  private static @Nullable JsonNode widthBound(Schema schema, boolean high) {
    return switch (schema.type.equals("integer") ? schema.format() : "") {
      case "int32" -> IntNode.valueOf(high ? Integer.MAX_VALUE : Integer.MIN_VALUE);
      case "int64" -> LongNode.valueOf(high ? Long.MAX_VALUE : Long.MIN_VALUE);
      default -> null;
    };
  }
}
