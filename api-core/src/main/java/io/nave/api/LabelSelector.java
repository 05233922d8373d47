package io.nave.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Which objects, by their labels: every pair of `matchLabels` and every expression must hold. The
/// empty selector matches all.
public record LabelSelector(
    Map<String, String> matchLabels, List<LabelSelector.Requirement> matchExpressions) {

  /// One test of one key.
  ///
  /// @param operator `In`, `NotIn`, `Exists` or `DoesNotExist`; of a parsed text also `Gt` and
  ///   `Lt`, which hold of labels that are whole numbers
  public record Requirement(String key, String operator, List<String> values) {
    public Requirement {
      values = Absent.toEmpty(values);
    }

    boolean holds(Map<String, String> labels) {
      var value = labels.get(key);
      return switch (operator) {
        case "In" -> value != null && values.contains(value);
        case "NotIn" -> value == null || !values.contains(value);
        case "Exists" -> value != null;
        case "DoesNotExist" -> value == null;
        case "Gt" -> compared(value) > 0;
        case "Lt" -> compared(value) < 0;
        default -> false;
      };
    }

    /// The label beside the number here; 0 when it is none.
    private int compared(@Nullable String label) {
      try {
        return label == null
            ? 0
            : Long.compare(Long.parseLong(label), Long.parseLong(values.getFirst()));
      } catch (NumberFormatException e) {
        return 0;
      }
    }

    Optional<String> fault() {
      return switch (operator) {
        case "In", "NotIn" ->
            values.isEmpty()
                ? Optional.of("for operator " + operator + ", values must not be empty")
                : Optional.empty();
        case "Exists", "DoesNotExist" ->
            values.isEmpty()
                ? Optional.empty()
                : Optional.of("for operator " + operator + ", values must be empty");
        default -> Optional.of("\"" + operator + "\" is not a valid label selector operator");
      };
    }
  }

  public LabelSelector {
    matchLabels = Absent.toEmpty(matchLabels);
    matchExpressions = Absent.toEmpty(matchExpressions);
  }

  /// The selector that matches everything.
  public static LabelSelector everything() {
    return new LabelSelector(Map.of(), List.of());
  }

  public static LabelSelector ofLabels(Map<String, String> labels) {
    return new LabelSelector(labels, List.of());
  }

  public boolean matches(Map<String, String> labels) {
    for (var pair : matchLabels.entrySet()) {
      if (!pair.getValue().equals(labels.get(pair.getKey()))) {
        return false;
      }
    }
    for (var requirement : matchExpressions) {
      if (!requirement.holds(labels)) {
        return false;
      }
    }
    return true;
  }

  /// A label that everything selected carries, with its value; none when no single value is asked
  /// for.
  public Optional<Map.Entry<String, String>> required() {
    if (!matchLabels.isEmpty()) {
      return Optional.of(matchLabels.entrySet().iterator().next());
    }
    return matchExpressions.stream()
        .filter(test -> test.operator().equals("In") && test.values().size() == 1)
        .map(test -> Map.entry(test.key(), test.values().getFirst()))
        .findFirst();
  }

  /// What is wrong with this selector, if anything; a faulty one matches nothing it cannot test.
  public Optional<String> fault() {
    return matchExpressions.stream().flatMap(r -> r.fault().stream()).findFirst();
  }

  /// Parses the form of `?labelSelector=` and `kubectl -l`: `a=b,c!=d,e in (f,g),!h,i,j>1,k<2`.
  ///
  /// @throws ApiError BadRequest naming the part that cannot be read
  public static LabelSelector parse(String text) {
    var found = new ArrayList<Requirement>();
    for (var part : split(text)) {
      found.add(requirement(part));
    }
    return new LabelSelector(Map.of(), found);
  }

  private static List<String> split(String text) {
    var parts = new ArrayList<String>();
    var depth = 0;
    var start = 0;
    for (var i = 0; i < text.length(); i++) {
      var c = text.charAt(i);
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (c == ',' && depth == 0) {
        parts.add(text.substring(start, i).strip());
        start = i + 1;
      }
    }
    var last = text.substring(start).strip();
    if (!last.isEmpty() || !parts.isEmpty()) {
      parts.add(last);
    }
    return parts;
  }

  private static Requirement requirement(String part) {
    var set = part.endsWith(")") ? part.indexOf('(') : -1;
    if (set > 0) {
      return inSet(
          part, part.substring(0, set).strip(), part.substring(set + 1, part.length() - 1));
    }
    var different = part.indexOf("!=");
    if (different > 0) {
      return single(part, part.substring(0, different), "NotIn", part.substring(different + 2));
    }
    var equal = part.indexOf('=');
    if (equal > 0) {
      var value = part.substring(equal + 1);
      return single(
          part, part.substring(0, equal), "In", value.startsWith("=") ? value.substring(1) : value);
    }
    var compares = Math.max(part.indexOf('>'), part.indexOf('<'));
    if (compares > 0) {
      return number(part, compares);
    }
    if (part.startsWith("!")) {
      return new Requirement(checked(part, part.substring(1).strip()), "DoesNotExist", List.of());
    }
    return new Requirement(checked(part, part), "Exists", List.of());
  }

  private static Requirement inSet(String part, String head, String values) {
    var words = head.split("\\s+");
    var operator = words.length == 2 ? words[1] : "";
    if (!operator.equals("in") && !operator.equals("notin")) {
      throw unreadable(part);
    }
    var list = new ArrayList<String>();
    for (var value : values.split(",", -1)) {
      list.add(checkedValue(part, value.strip()));
    }
    return new Requirement(checked(part, words[0]), operator.equals("in") ? "In" : "NotIn", list);
  }

  private static Requirement single(String part, String key, String operator, String value) {
    return new Requirement(
        checked(part, key.strip()), operator, List.of(checkedValue(part, value.strip())));
  }

  private static Requirement number(String part, int at) {
    var value = part.substring(at + 1).strip();
    if (!value.matches("-?[0-9]{1,18}")) {
      throw ApiError.badRequest(
          "unable to parse requirement \""
              + part
              + "\": for 'Gt', 'Lt' operators, the value must be an integer");
    }
    return new Requirement(
        checked(part, part.substring(0, at).strip()),
        part.charAt(at) == '>' ? "Gt" : "Lt",
        List.of(value));
  }

  private static String checkedValue(String part, String value) {
    if (!value.matches("(([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9])?")) {
      throw unreadable(part);
    }
    return value;
  }

  private static String checked(String part, String key) {
    if (!key.matches("([a-z0-9A-Z.-]{1,253}/)?[a-zA-Z0-9]([a-zA-Z0-9._-]{0,61}[a-zA-Z0-9])?")) {
      throw unreadable(part);
    }
    return key;
  }

  private static ApiError unreadable(String part) {
    return ApiError.badRequest(
        "unable to parse requirement \""
            + part
            + "\": expected key=value, key!=value, key in (a,b), key notin (a,b), key>1, key<1,"
            + " key or !key");
  }
}
