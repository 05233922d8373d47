package io.nave.registration.agent;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Sums of Kubernetes quantities such as `3920m` and `16Gi`, written as Kubernetes writes them.
final class Quantities {
  private static final Pattern FORM =
      Pattern.compile("([+-]?[0-9]{1,20}(?:\\.[0-9]{0,20})?)(n|u|m|k|[MGTPE]|[KMGTPE]i)?");
  private static final String[] BINARY = {"Ei", "Pi", "Ti", "Gi", "Mi", "Ki"};
  private static final String[] DECIMAL = {"E", "P", "T", "G", "M", "k", "", "m", "u", "n"};
  private static final BigDecimal KIBI = BigDecimal.valueOf(1024);

  /// @param binary whether it is counted in powers of 1024
  private record Quantity(BigDecimal value, boolean binary) {}

  private Quantities() {}

  /// Adds `more` to the sums, name by name. What cannot be read is left out.
  static void add(Map<String, String> sums, Map<String, String> more) {
    for (var entry : more.entrySet()) {
      parse(entry.getValue())
          .ifPresent(added -> sums.merge(entry.getKey(), text(added), (a, _) -> sum(a, added)));
    }
  }

  private static String sum(String sum, Quantity added) {
    var before = parse(sum).orElse(new Quantity(BigDecimal.ZERO, added.binary()));
    return text(new Quantity(before.value().add(added.value()), before.binary()));
  }

  private static Optional<Quantity> parse(String text) {
    var match = FORM.matcher(text.strip());
    if (!match.matches()) {
      return Optional.empty();
    }
    var suffix = match.group(2) == null ? "" : match.group(2);
    var binary = suffix.endsWith("i");
    return Optional.of(new Quantity(new BigDecimal(match.group(1)).multiply(unit(suffix)), binary));
  }

  private static BigDecimal unit(String suffix) {
    for (var i = 0; i < BINARY.length; i++) {
      if (BINARY[i].equals(suffix)) {
        return KIBI.pow(BINARY.length - i);
      }
    }
    for (var i = 0; i < DECIMAL.length; i++) {
      if (DECIMAL[i].equals(suffix)) {
        return BigDecimal.ONE.scaleByPowerOfTen(18 - 3 * i);
      }
    }
    throw new IllegalArgumentException("no unit " + suffix);
  }

  /// The largest unit that leaves a whole number.
  private static String text(Quantity quantity) {
    if (quantity.value().signum() == 0) {
      return "0";
    }
    for (var suffix : quantity.binary() ? BINARY : DECIMAL) {
      var parts = quantity.value().divideAndRemainder(unit(suffix));
      if (parts[1].signum() == 0) {
        return parts[0].toBigInteger() + suffix;
      }
    }
    return quantity.value().stripTrailingZeros().toPlainString();
  }
}
