package io.nave.api;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A Kubernetes quantity such as `500m`, `4`, `1e3` or `16Gi`. Two are equal when their amounts
/// are, however they are written.
public final class Quantity implements Comparable<Quantity> {
  /// Digits before and after the point; Kubernetes rounds beyond 10^-9 and caps at 2^63.
  private static final Pattern FORM =
      Pattern.compile(
          "([+-]?[0-9]{1,40}(?:\\.[0-9]{0,40})?|[+-]?\\.[0-9]{1,40})"
              + "(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?[0-9]{1,2}))?");

  private static final Map<String, BigDecimal> UNITS =
      Map.ofEntries(
          Map.entry("n", BigDecimal.ONE.movePointLeft(9)),
          Map.entry("u", BigDecimal.ONE.movePointLeft(6)),
          Map.entry("m", BigDecimal.ONE.movePointLeft(3)),
          Map.entry("k", BigDecimal.ONE.movePointRight(3)),
          Map.entry("M", BigDecimal.ONE.movePointRight(6)),
          Map.entry("G", BigDecimal.ONE.movePointRight(9)),
          Map.entry("T", BigDecimal.ONE.movePointRight(12)),
          Map.entry("P", BigDecimal.ONE.movePointRight(15)),
          Map.entry("E", BigDecimal.ONE.movePointRight(18)),
          Map.entry("Ki", BigDecimal.valueOf(1L << 10)),
          Map.entry("Mi", BigDecimal.valueOf(1L << 20)),
          Map.entry("Gi", BigDecimal.valueOf(1L << 30)),
          Map.entry("Ti", BigDecimal.valueOf(1L << 40)),
          Map.entry("Pi", BigDecimal.valueOf(1L << 50)),
          Map.entry("Ei", BigDecimal.valueOf(1L << 60)));

  private final BigDecimal amount;

  private Quantity(BigDecimal amount) {
    this.amount = amount;
  }

  public static Quantity of(BigDecimal amount) {
    return new Quantity(amount);
  }

  public static Quantity of(long amount) {
    return new Quantity(BigDecimal.valueOf(amount));
  }

  /// @return empty for what is no quantity
  public static Optional<Quantity> parse(String text) {
    var match = FORM.matcher(text);
    if (!match.matches()) {
      return Optional.empty();
    }
    var number = new BigDecimal(match.group(1));
    var unit = match.group(2);
    var exponent = match.group(3);
    if (unit != null) {
      number = number.multiply(UNITS.getOrDefault(unit, BigDecimal.ONE));
    } else if (exponent != null) {
      number = number.scaleByPowerOfTen(Integer.parseInt(exponent));
    }
    return Optional.of(new Quantity(number));
  }

  public BigDecimal amount() {
    return amount;
  }

  @Override
  public int compareTo(Quantity other) {
    return amount.compareTo(other.amount);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Quantity quantity && amount.compareTo(quantity.amount) == 0;
  }

  @Override
  public int hashCode() {
    return amount.stripTrailingZeros().hashCode();
  }

  /// The plain number.
  @Override
  public String toString() {
    return amount.stripTrailingZeros().toPlainString();
  }
}
