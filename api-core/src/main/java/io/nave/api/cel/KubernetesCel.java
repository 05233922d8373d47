package io.nave.api.cel;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.OptionalType;
import dev.cel.common.types.SimpleType;
import io.nave.api.Quantity;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// CEL as Kubernetes speaks it in its own expressions: beside the standard the functions of its
/// libraries `lists`, `regex`, `url`, `quantity`, `ip`, `cidr`, `format` and `sets`. Functions fail
/// where Kubernetes' fail.
public final class KubernetesCel {
  /// Comparisons of one call that looks at every pair of two lists.
  private static final long PAIRS_MAX = 1_000_000;

  private static final Functions.Type<String> STRING =
      new Functions.Type<>(SimpleType.STRING, String.class);
  private static final Functions.Type<Long> INT = new Functions.Type<>(SimpleType.INT, Long.class);

  @SuppressWarnings("rawtypes") // the class of lists of anything
  private static final Functions.Type<List> LIST =
      new Functions.Type<>(ListType.create(SimpleType.DYN), List.class);

  private static final Functions.Type<Quantity> QUANTITY =
      new Functions.Type<>(OpaqueType.create("kubernetes.Quantity"), Quantity.class);
  private static final Functions.Type<URI> URL =
      new Functions.Type<>(OpaqueType.create("kubernetes.URL"), URI.class);
  private static final Functions.Type<IpAddress> IP =
      new Functions.Type<>(OpaqueType.create("net.IP"), IpAddress.class);
  private static final Functions.Type<IpAddress.Range> CIDR =
      new Functions.Type<>(OpaqueType.create("net.CIDR"), IpAddress.Range.class);
  private static final Functions.Type<Format> FORMAT =
      new Functions.Type<>(OpaqueType.create("kubernetes.NamedFormat"), Format.class);

  private static final CelEnvironment ENVIRONMENT =
      CelEnvironment.standard()
          .with(lists())
          .with(sets())
          .with(regex())
          .with(urls())
          .with(quantities())
          .with(addresses())
          .with(formats());

  private KubernetesCel() {}

  /// The environment without any variable.
  public static CelEnvironment environment() {
    return ENVIRONMENT;
  }

  // ---- lists and sets

  private static CelLibrary lists() {
    return new Functions()
        .method("isSorted", SimpleType.BOOL, LIST, KubernetesCel::sorted)
        .method("sum", SimpleType.DYN, LIST, KubernetesCel::sum)
        .method("min", SimpleType.DYN, LIST, list -> extreme(list, -1, "min"))
        .method("max", SimpleType.DYN, LIST, list -> extreme(list, 1, "max"))
        .library();
  }

  private static boolean sorted(List<?> list) {
    for (var i = 1; i < list.size(); i++) {
      if (compare(list.get(i - 1), list.get(i)) > 0) {
        return false;
      }
    }
    return true;
  }

  private static Object extreme(List<?> list, int sign, String name) {
    if (list.isEmpty()) {
      throw new IllegalArgumentException(name + " called on empty list");
    }
    Object best = list.getFirst();
    for (var each : list) {
      best = compare(each, best) * sign > 0 ? each : best;
    }
    return best;
  }

  private static Object sum(List<?> list) {
    var whole = list.stream().allMatch(Long.class::isInstance);
    if (whole) {
      return list.stream().mapToLong(each -> (Long) each).reduce(0L, Math::addExact);
    }
    return list.stream().mapToDouble(KubernetesCel::number).sum();
  }

  private static double number(Object value) {
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    throw new IllegalArgumentException("no such overload: sum of " + CelValues.typeOf(value));
  }

  private static int compare(Object a, Object b) {
    if (a instanceof Long x && b instanceof Long y) {
      return x.compareTo(y);
    }
    if (a instanceof Number x && b instanceof Number y) {
      return Double.compare(x.doubleValue(), y.doubleValue());
    }
    if (a instanceof String x && b instanceof String y) {
      return x.compareTo(y);
    }
    if (a instanceof Boolean x && b instanceof Boolean y) {
      return x.compareTo(y);
    }
    throw new IllegalArgumentException(
        "no such overload: comparing " + CelValues.typeOf(a) + " with " + CelValues.typeOf(b));
  }

  private static CelLibrary sets() {
    return new Functions()
        .function("sets.contains", SimpleType.BOOL, LIST, LIST, KubernetesCel::containsAll)
        .function(
            "sets.equivalent",
            SimpleType.BOOL,
            LIST,
            LIST,
            (a, b) -> containsAll(a, b) && containsAll(b, a))
        .function(
            "sets.intersects",
            SimpleType.BOOL,
            LIST,
            LIST,
            (a, b) -> bounded(a, b).stream().anyMatch(each -> has(a, each)))
        .library();
  }

  private static boolean containsAll(List<?> list, List<?> wanted) {
    return bounded(list, wanted).stream().allMatch(each -> has(list, each));
  }

  private static List<?> bounded(List<?> a, List<?> b) {
    if ((long) a.size() * b.size() > PAIRS_MAX) {
      throw new IllegalArgumentException("more than " + PAIRS_MAX + " pairs to compare");
    }
    return b;
  }

  private static boolean has(List<?> list, Object wanted) {
    return list.stream().anyMatch(each -> same(each, wanted));
  }

  private static boolean same(Object a, Object b) {
    if (a instanceof Number && b instanceof Number) {
      return compare(a, b) == 0;
    }
    return Objects.equals(a, b);
  }

  // ---- texts

  private static CelLibrary regex() {
    return new Functions()
        .method("find", SimpleType.STRING, STRING, STRING, KubernetesCel::find)
        .method(
            "findAll", ListType.create(SimpleType.STRING), STRING, STRING, KubernetesCel::findAll)
        .library();
  }

  private static Pattern pattern(String source) {
    try {
      return Pattern.compile(source);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException("Illegal regex: " + e.getMessage(), e);
    }
  }

  private static String find(String text, String regex) {
    var matcher = pattern(regex).matcher(text);
    return matcher.find() ? matcher.group() : "";
  }

  private static List<String> findAll(String text, String regex) {
    var matcher = pattern(regex).matcher(text);
    var found = new ArrayList<String>();
    while (matcher.find()) {
      found.add(matcher.group());
    }
    return found;
  }

  private static CelLibrary urls() {
    return new Functions()
        .function("url", URL.type(), STRING, text -> parsed(text, KubernetesCel::url, "URL"))
        .function("isURL", SimpleType.BOOL, STRING, text -> url(text).isPresent())
        .method("getScheme", SimpleType.STRING, URL, url -> orEmpty(url.getScheme()))
        .method("getHost", SimpleType.STRING, URL, url -> orEmpty(url.getRawAuthority()))
        .method("getHostname", SimpleType.STRING, URL, KubernetesCel::hostname)
        .method(
            "getPort", SimpleType.STRING, URL, url -> url.getPort() < 0 ? "" : "" + url.getPort())
        .method("getEscapedPath", SimpleType.STRING, URL, url -> orEmpty(url.getRawPath()))
        .method(
            "getQuery",
            MapType.create(SimpleType.STRING, ListType.create(SimpleType.STRING)),
            URL,
            KubernetesCel::query)
        .library();
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  /// Absolute ones, and paths beginning with a slash.
  private static Optional<URI> url(String text) {
    try {
      var uri = new URI(text);
      return uri.isOpaque() || (!uri.isAbsolute() && !text.startsWith("/"))
          ? Optional.empty()
          : Optional.of(uri);
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private static String hostname(URI url) {
    var host = orEmpty(url.getHost());
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private static Map<String, List<String>> query(URI url) {
    var all = new LinkedHashMap<String, List<String>>();
    for (var pair : orEmpty(url.getRawQuery()).split("&", -1)) {
      var equal = pair.indexOf('=');
      var name = decoded(equal < 0 ? pair : pair.substring(0, equal));
      if (!pair.isEmpty()) {
        all.computeIfAbsent(name, _ -> new ArrayList<>())
            .add(equal < 0 ? "" : decoded(pair.substring(equal + 1)));
      }
    }
    return all;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static <T> T parsed(String text, Function<String, Optional<T>> parse, String what) {
    return parse
        .apply(text)
        .orElseThrow(
            () -> new IllegalArgumentException(what + " parse error: \"" + text + "\" is none"));
  }

  // ---- quantities

  private static CelLibrary quantities() {
    var bool = SimpleType.BOOL;
    return new Functions()
        .function(
            "quantity", QUANTITY.type(), STRING, text -> parsed(text, Quantity::parse, "quantity"))
        .function("isQuantity", bool, STRING, text -> Quantity.parse(text).isPresent())
        .method("isInteger", bool, QUANTITY, KubernetesCel::integer)
        .method(
            "asInteger", SimpleType.INT, QUANTITY, quantity -> quantity.amount().longValueExact())
        .method(
            "asApproximateFloat",
            SimpleType.DOUBLE,
            QUANTITY,
            quantity -> quantity.amount().doubleValue())
        .method("sign", SimpleType.INT, QUANTITY, quantity -> (long) quantity.amount().signum())
        .method("isLessThan", bool, QUANTITY, QUANTITY, (a, b) -> a.compareTo(b) < 0)
        .method("isGreaterThan", bool, QUANTITY, QUANTITY, (a, b) -> a.compareTo(b) > 0)
        .method("compareTo", SimpleType.INT, QUANTITY, QUANTITY, (a, b) -> (long) a.compareTo(b))
        .method("add", QUANTITY.type(), QUANTITY, QUANTITY, KubernetesCel::plus)
        .method("sub", QUANTITY.type(), QUANTITY, QUANTITY, KubernetesCel::minus)
        .method("add", QUANTITY.type(), QUANTITY, INT, (a, n) -> plus(a, Quantity.of(n)))
        .method("sub", QUANTITY.type(), QUANTITY, INT, (a, n) -> minus(a, Quantity.of(n)))
        .library();
  }

  private static Quantity plus(Quantity a, Quantity b) {
    return Quantity.of(a.amount().add(b.amount()));
  }

  private static Quantity minus(Quantity a, Quantity b) {
    return Quantity.of(a.amount().subtract(b.amount()));
  }

  private static boolean integer(Quantity quantity) {
    var amount = quantity.amount().stripTrailingZeros();
    return amount.scale() <= 0 && amount.toBigInteger().bitLength() < Long.SIZE;
  }

  // ---- addresses

  private static CelLibrary addresses() {
    var bool = SimpleType.BOOL;
    return new Functions()
        .function("ip", IP.type(), STRING, text -> parsed(text, IpAddress::parse, "IP Address"))
        .function("isIP", bool, STRING, text -> IpAddress.parse(text).isPresent())
        .function(
            "ip.isCanonical",
            bool,
            STRING,
            text -> parsed(text, IpAddress::parse, "IP Address").toString().equals(text))
        .method("family", SimpleType.INT, IP, IpAddress::family)
        .method("isUnspecified", bool, IP, IpAddress::unspecified)
        .method("isLoopback", bool, IP, IpAddress::loopback)
        .method("isLinkLocalMulticast", bool, IP, IpAddress::linkLocalMulticast)
        .method("isLinkLocalUnicast", bool, IP, IpAddress::linkLocalUnicast)
        .method("isGlobalUnicast", bool, IP, IpAddress::globalUnicast)
        .function(
            "cidr",
            CIDR.type(),
            STRING,
            text -> parsed(text, IpAddress.Range::parse, "network address"))
        .function("isCIDR", bool, STRING, text -> IpAddress.Range.parse(text).isPresent())
        .method("ip", IP.type(), CIDR, IpAddress.Range::address)
        .method("prefixLength", SimpleType.INT, CIDR, range -> (long) range.prefix())
        .method("masked", CIDR.type(), CIDR, IpAddress.Range::masked)
        .method("containsIP", bool, CIDR, IP, IpAddress.Range::contains)
        .method(
            "containsIP",
            bool,
            CIDR,
            STRING,
            (range, text) -> range.contains(parsed(text, IpAddress::parse, "IP Address")))
        .method("containsCIDR", bool, CIDR, CIDR, IpAddress.Range::contains)
        .method(
            "containsCIDR",
            bool,
            CIDR,
            STRING,
            (range, text) ->
                range.contains(parsed(text, IpAddress.Range::parse, "network address")))
        .library();
  }

  // ---- formats

  /// A form of texts that has a name.
  private record Format(String name, Function<String, List<String>> faults) {
    static Format matching(String name, int charactersMax, String regex) {
      var pattern = Pattern.compile(regex);
      return new Format(
          name,
          text ->
              text.length() > charactersMax
                  ? List.of("must be no more than " + charactersMax + " characters")
                  : pattern.matches(text)
                      ? List.of()
                      : List.of("must match the regular expression " + regex));
    }
  }

  private static final String LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
  private static final String QUALIFIED = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";

  /// All forms, made when the first is asked for.
  private static final class Formats {
    private static final List<Format> ALL =
        List.of(
            Format.matching("dns1123Label", 63, LABEL),
            Format.matching("dns1123Subdomain", 253, LABEL + "(\\." + LABEL + ")*"),
            Format.matching("dns1035Label", 63, "[a-z]([-a-z0-9]*[a-z0-9])?"),
            Format.matching("dns1123LabelPrefix", 63, LABEL + "-?"),
            Format.matching("dns1123SubdomainPrefix", 253, LABEL + "(\\." + LABEL + ")*[-.]?"),
            Format.matching("dns1035LabelPrefix", 63, "[a-z]([-a-z0-9]*[a-z0-9])?-?"),
            Format.matching(
                "qualifiedName",
                317,
                "("
                    + LABEL
                    + "(\\."
                    + LABEL
                    + ")*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?"),
            Format.matching("labelValue", 63, "(" + QUALIFIED + ")?"),
            Format.matching(
                "uuid", 36, "(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}"),
            Format.matching("date", 10, "\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])"),
            Format.matching(
                "datetime",
                64,
                "(?i)\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])t\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?(z|[+-]\\d{2}:\\d{2})"),
            new Format("uri", text -> url(text).isPresent() ? List.of() : List.of("invalid URI")),
            new Format("byte", KubernetesCel::base64));
  }

  private static List<String> base64(String text) {
    try {
      Base64.getDecoder().decode(text);
      return List.of();
    } catch (IllegalArgumentException e) {
      return List.of("invalid base64");
    }
  }

  private static Optional<Format> named(String name) {
    return Formats.ALL.stream().filter(one -> one.name().equals(name)).findFirst();
  }

  private static Optional<List<String>> faults(Format format, String text) {
    return Optional.of(format.faults().apply(text)).filter(found -> !found.isEmpty());
  }

  private static CelLibrary formats() {
    var functions =
        new Functions()
            .function(
                "format.named", OptionalType.create(FORMAT.type()), STRING, KubernetesCel::named)
            .method(
                "validate",
                OptionalType.create(ListType.create(SimpleType.STRING)),
                FORMAT,
                STRING,
                KubernetesCel::faults);
    for (var one : Formats.ALL) {
      var name = one.name();
      functions.constant("format." + name, FORMAT, _ -> named(name).orElseThrow());
    }
    return functions.library();
  }
}
