package io.nave.api;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BigIntegerNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.DoubleNode;
import tools.jackson.databind.node.IntNode;
import tools.jackson.databind.node.LongNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.StringNode;

/// What an unquoted YAML scalar means, by the rules of the Go library that kubectl uses: YAML 1.1
/// with the octal of 1.2.
final class YamlScalars {
  private static final Set<String> NULL = Set.of("", "~", "null", "Null", "NULL");
  private static final Set<String> TRUE =
      Set.of("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON");
  private static final Set<String> FALSE =
      Set.of("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF");
  private static final Set<String> NOT_FINITE =
      Set.of(
          ".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf",
          "-.Inf", "-.INF");
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
  private static final Pattern TIMESTAMP =
      Pattern.compile("[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ].*)?");
  private static final Pattern BASE_60 =
      Pattern.compile("[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\\.[0-9_]*)?");
  private static final BigInteger UNSIGNED_MAX = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);
  private static final BigInteger SIGNED_MIN = BigInteger.TWO.pow(63).negate();

  /// Longest text that is tried as a number.
  private static final int NUMBER_LENGTH_MAX = 100;

  private YamlScalars() {}

  /// The meaning of an unquoted scalar.
  ///
  /// @throws IllegalArgumentException for infinities and NaN, which JSON does not have
  static JsonNode plain(String text) {
    if (NULL.contains(text)) {
      return NullNode.getInstance();
    }
    if (TRUE.contains(text) || FALSE.contains(text)) {
      return BooleanNode.valueOf(TRUE.contains(text));
    }
    if (NOT_FINITE.contains(text)) {
      throw new IllegalArgumentException(text + " is a number that JSON does not have");
    }
    var number = mayBeNumber(text) ? number(text) : null;
    return number == null ? StringNode.valueOf(text) : number;
  }

  /// Whether a text, written without quotes, is read back as that text everywhere: also by readers
  /// that know timestamps and base 60.
  static boolean staysText(String text) {
    if (NOT_FINITE.contains(text) || text.equals("<<") || text.equals("=")) {
      return false;
    }
    return plain(text).isString()
        && !TIMESTAMP.matcher(text).matches()
        && !BASE_60.matcher(text).matches();
  }

  static String typeName(JsonNode value) {
    return value.getNodeType().name().toLowerCase(Locale.ROOT);
  }

  private static boolean mayBeNumber(String text) {
    var first = text.charAt(0);
    return text.length() <= NUMBER_LENGTH_MAX
        && ((first >= '0' && first <= '9') || first == '+' || first == '-' || first == '.')
        && !TIMESTAMP.matcher(text).matches();
  }

  private static @Nullable JsonNode number(String text) {
    if (text.startsWith(".")) {
      return NUMBER.matcher(text).matches() ? decimal(text) : null;
    }
    var digits = text.replace("_", "");
    var whole = whole(digits);
    if (whole != null) {
      return whole;
    }
    return NUMBER.matcher(digits).matches() ? decimal(digits) : null;
  }

  /// As Go's `ParseInt` in base 0, up to the largest unsigned 64-bit number.
  private static @Nullable JsonNode whole(String text) {
    var signed = text.startsWith("-") || text.startsWith("+");
    var body = (signed ? text.substring(1) : text).toLowerCase(Locale.ROOT);
    var radix = 10;
    if (body.startsWith("0x") || body.startsWith("0b") || body.startsWith("0o")) {
      radix = body.charAt(1) == 'x' ? 16 : body.charAt(1) == 'b' ? 2 : 8;
      body = body.substring(2);
    } else if (body.startsWith("0") && body.length() > 1) {
      radix = 8;
      body = body.substring(1);
    }
    if (body.isEmpty() || !allDigits(body, radix)) {
      return null;
    }
    var value = new BigInteger(text.startsWith("-") ? "-" + body : body, radix);
    if (value.compareTo(UNSIGNED_MAX) > 0 || value.compareTo(SIGNED_MIN) < 0) {
      return null; // Go tries it as a decimal number next
    }
    return node(value);
  }

  private static boolean allDigits(String text, int radix) {
    return text.chars().allMatch(c -> c < 128 && Character.digit(c, radix) >= 0);
  }

  private static @Nullable JsonNode decimal(String text) {
    var value = Double.parseDouble(text);
    if (Double.isInfinite(value)) {
      return null; // as in Go, where it is out of range and so stays text
    }
    var whole = value == Math.rint(value) && Math.abs(value) < 1e21;
    return whole ? node(new BigDecimal(value).toBigIntegerExact()) : DoubleNode.valueOf(value);
  }

  private static JsonNode node(BigInteger value) {
    if (value.bitLength() < 32) {
      return IntNode.valueOf(value.intValue());
    }
    return value.bitLength() < 64
        ? LongNode.valueOf(value.longValue())
        : BigIntegerNode.valueOf(value);
  }
}
