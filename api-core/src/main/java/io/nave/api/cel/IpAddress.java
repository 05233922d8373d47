package io.nave.api.cel;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// An IP address, read from its text alone. Not accepted, as in Kubernetes: leading zeros, zones,
/// and IPv4 addresses in the form of IPv6.
///
/// @param bits of the address: 32 or 128
record IpAddress(int bits, BigInteger value) {
  private static final Pattern V4 = Pattern.compile("(0|[1-9]\\d{0,2})(\\.(0|[1-9]\\d{0,2})){3}");
  private static final Pattern GROUP = Pattern.compile("[0-9a-fA-F]{1,4}");
  private static final int GROUPS = 8;

  static Optional<IpAddress> parse(String text) {
    return V4.matcher(text).matches() ? v4(text) : v6(text);
  }

  private static Optional<IpAddress> v4(String text) {
    long value = 0;
    for (var part : text.split("\\.", -1)) {
      var number = Integer.parseInt(part);
      if (number > 255) {
        return Optional.empty();
      }
      value = (value << 8) | number;
    }
    return Optional.of(new IpAddress(32, BigInteger.valueOf(value)));
  }

  private static Optional<IpAddress> v6(String text) {
    var gap = text.indexOf("::");
    var left = groups(gap < 0 ? text : text.substring(0, gap));
    var right = groups(gap < 0 ? "" : text.substring(gap + 2));
    if (left.isEmpty() || right.isEmpty()) {
      return Optional.empty();
    }
    var missing = GROUPS - left.get().size() - right.get().size();
    if (gap < 0 ? missing != 0 : missing < 1) {
      return Optional.empty();
    }
    var value = BigInteger.ZERO;
    for (var i = 0; i < GROUPS; i++) {
      var fromRight = i - left.get().size() - missing;
      int group =
          i < left.get().size()
              ? left.get().get(i)
              : fromRight < 0 ? 0 : right.get().get(fromRight);
      value = value.shiftLeft(16).or(BigInteger.valueOf(group));
    }
    var mapped = value.shiftRight(32).equals(BigInteger.valueOf(0xffff));
    return mapped ? Optional.empty() : Optional.of(new IpAddress(128, value));
  }

  private static Optional<List<Integer>> groups(String text) {
    var groups = new ArrayList<Integer>();
    if (text.isEmpty()) {
      return Optional.of(groups);
    }
    for (var part : text.split(":", -1)) {
      if (!GROUP.matcher(part).matches() || groups.size() == GROUPS) {
        return Optional.empty();
      }
      groups.add(Integer.parseInt(part, 16));
    }
    return Optional.of(groups);
  }

  long family() {
    return bits == 32 ? 4 : 6;
  }

  boolean unspecified() {
    return value.signum() == 0;
  }

  boolean loopback() {
    return bits == 32 ? starts(8, 127) : value.equals(BigInteger.ONE);
  }

  boolean multicast() {
    return bits == 32 ? starts(4, 0xe) : starts(8, 0xff);
  }

  boolean linkLocalMulticast() {
    return bits == 32 ? starts(24, 0xe00000) : starts(8, 0xff) && (group(0) & 0xf) == 2;
  }

  boolean linkLocalUnicast() {
    return bits == 32 ? starts(16, 0xa9fe) : starts(10, 0x3fa);
  }

  /// As Go's `net/netip` says it: private addresses are global unicast too.
  boolean globalUnicast() {
    var broadcast = bits == 32 && value.bitLength() == 32 && value.bitCount() == 32;
    return !unspecified() && !loopback() && !multicast() && !linkLocalUnicast() && !broadcast;
  }

  private boolean starts(int length, long with) {
    return value.shiftRight(bits - length).equals(BigInteger.valueOf(with));
  }

  private int group(int index) {
    return value.shiftRight((GROUPS - 1 - index) * 16).intValue() & 0xffff;
  }

  /// The address with all bits after the first `length` cleared.
  IpAddress masked(int length) {
    return new IpAddress(bits, value.shiftRight(bits - length).shiftLeft(bits - length));
  }

  /// The canonical text: RFC 5952 for IPv6.
  @Override
  public String toString() {
    return bits == 32 ? v4() : v6();
  }

  private String v4() {
    long all = value.longValue();
    return (all >> 24)
        + "."
        + ((all >> 16) & 0xff)
        + "."
        + ((all >> 8) & 0xff)
        + "."
        + (all & 0xff);
  }

  private String v6() {
    var from = 0;
    var longest = 1; // a single group of zeros is written out
    var gap = -1;
    for (var i = 0; i <= GROUPS; i++) {
      if (i == GROUPS || group(i) != 0) {
        if (i - from > longest) {
          longest = i - from;
          gap = from;
        }
        from = i + 1;
      }
    }
    var text = new StringBuilder();
    for (var i = 0; i < GROUPS; i++) {
      if (i == gap) {
        text.append("::");
        i += longest - 1;
      } else {
        text.append(text.isEmpty() || text.charAt(text.length() - 1) == ':' ? "" : ":");
        text.append(Integer.toHexString(group(i)));
      }
    }
    return text.toString();
  }

  /// A range of addresses.
  ///
  /// @param prefix bits that all of them share
  record Range(IpAddress address, int prefix) {
    static Optional<Range> parse(String text) {
      var slash = text.indexOf('/');
      var length = slash < 0 ? "" : text.substring(slash + 1);
      if (!length.matches("0|[1-9]\\d{0,2}")) {
        return Optional.empty();
      }
      var prefix = Integer.parseInt(length);
      return IpAddress.parse(text.substring(0, slash))
          .filter(address -> prefix <= address.bits())
          .map(address -> new Range(address, prefix));
    }

    boolean contains(IpAddress other) {
      return other.bits() == address.bits() && other.masked(prefix).equals(address.masked(prefix));
    }

    boolean contains(Range other) {
      return other.prefix() >= prefix && contains(other.address());
    }

    Range masked() {
      return new Range(address.masked(prefix), prefix);
    }

    @Override
    public String toString() {
      return address + "/" + prefix;
    }
  }
}
