package io.nave.applications.policies;

import io.nave.applications.policies.RuleSelector.Subject;
import io.nave.work.ManifestWork.IgnoreField;
import io.nave.work.ManifestWork.ServerSideApply;
import io.nave.work.ManifestWork.UpdateStrategy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// How works treat the objects of one application, by all of its policies (spec §10, §26). Pure.
///
/// Several policies of a type act as one: their rules one after the other, of which the first that
/// selects an object counts; what one of them switches on is on (spec §10.1).
///
/// | policy | in works |
/// | --- | --- |
/// | read-only | `ReadOnly` |
/// | apply-once | `CreateOnly`; with rules `ServerSideApply` that leaves fields out |
/// | shared-resource | the first application as always; others only own it, [#sharing] |
/// | take-over | listed in an annotation of the work; what else is there and not the application's is not written |
/// | resource-update | `Update`; with `op: replace`, listed in an annotation of the work |
/// | garbage-collect | [Removal] |
public final class Treatments {
  /// What agents call themselves when they apply by field owner.
  private static final String MANAGER = "work-agent";

  private static final String SHARER = "work-agent-sharer";

  /// A policy of the application.
  ///
  /// @param parameter its checked properties
  public record Given(String type, JsonNode parameter) {}

  /// When an object that the application no longer renders is removed.
  public enum Removal {
    /// At once.
    ON_UPDATE,
    /// With the application.
    ON_DELETE,
    /// Not at all.
    NEVER
  }

  private final List<Given> policies;

  private Treatments(List<Given> policies) {
    this.policies = List.copyOf(policies);
  }

  public static Treatments of(List<Given> policies) {
    return new Treatments(policies);
  }

  /// How an object is written.
  ///
  /// @return empty: as usual, that is `Update`
  public Optional<UpdateStrategy> strategy(JsonNode manifest) {
    var subject = Subject.of(manifest);
    return isRuled("read-only", subject)
        ? Optional.of(new UpdateStrategy("ReadOnly", null))
        : applyOnce(manifest, subject);
  }

  private Optional<UpdateStrategy> applyOnce(JsonNode manifest, Subject subject) {
    if (!anyOn("apply-once", "enable")) {
      return Optional.empty();
    }
    var rules = rules("apply-once");
    if (rules.isEmpty()) {
      return Optional.of(new UpdateStrategy("CreateOnly", null));
    }
    return first("apply-once", subject).map(rule -> kept(manifest, rule.path("strategy")));
  }

  /// An update keeps what is there (`OnSpokePresent`); a state that is only kept up leaves alone
  /// what was changed since (`OnSpokeChange`).
  private static UpdateStrategy kept(JsonNode manifest, JsonNode strategy) {
    var paths = RuleSelector.texts(strategy, "path");
    var onStateKeep = strategy.path("affect").asString("").equals("onStateKeep");
    var whole = paths.contains("*");
    if (whole && !onStateKeep) {
      return new UpdateStrategy("CreateOnly", null);
    }
    var pointers = whole ? content(manifest) : List.<String>of();
    var jsonPaths = whole ? List.<String>of() : paths.stream().map(Treatments::jsonPath).toList();
    var ignored =
        new IgnoreField(
            onStateKeep ? "OnSpokeChange" : "OnSpokePresent", jsonPaths, pointers, List.of());
    return new UpdateStrategy(
        "ServerSideApply", new ServerSideApply(true, MANAGER, List.of(ignored)));
  }

  private static String jsonPath(String fieldPath) {
    return fieldPath.startsWith("$") ? fieldPath : "$." + fieldPath;
  }

  /// All that an object says beside which one it is.
  private static List<String> content(JsonNode manifest) {
    var pointers = new ArrayList<String>();
    for (var field : manifest.propertyNames()) {
      if (!List.of("apiVersion", "kind", "metadata", "status").contains(field)) {
        pointers.add("/" + field.replace("~", "~0").replace("/", "~1"));
      }
    }
    pointers.add("/metadata/labels");
    pointers.add("/metadata/annotations");
    return pointers;
  }

  /// How an object is treated that another application writes: it is made when it is missing, and
  /// owned, so that it stays as long as one of its applications does; its content is left alone.
  public static UpdateStrategy sharing(JsonNode manifest) {
    var ignored = new IgnoreField("OnSpokePresent", List.of(), content(manifest), List.of());
    return new UpdateStrategy(
        "ServerSideApply", new ServerSideApply(false, SHARER, List.of(ignored)));
  }

  /// Whether a strategy writes an object's content when it is there.
  ///
  /// @param strategy null: the usual one
  public static boolean writes(@Nullable UpdateStrategy strategy) {
    if (strategy == null) {
      return true;
    }
    var apply = strategy.serverSideApply();
    return !strategy.type().equals("ReadOnly")
        && (apply == null || !SHARER.equals(apply.fieldManager()));
  }

  /// Whether the application is ready to share the object with others.
  public boolean isShared(JsonNode manifest) {
    return isRuled("shared-resource", Subject.of(manifest));
  }

  /// Whether the application adopts the object when it is there without an owner.
  public boolean isTakenOver(JsonNode manifest) {
    return isRuled("take-over", Subject.of(manifest));
  }

  /// Whether fields that others set in the object go.
  public boolean isReplaced(JsonNode manifest) {
    return first("resource-update", Subject.of(manifest))
        .filter(rule -> rule.path("strategy").path("op").asString("").equals("replace"))
        .isPresent();
  }

  public Removal removal(JsonNode manifest) {
    var subject = Subject.of(manifest);
    if (isRuled("read-only", subject)) {
      return Removal.ON_UPDATE; // only looked at, so there is nothing to keep or to remove
    }
    var rule = first("garbage-collect", subject);
    if (rule.isPresent()) {
      return removalBy(rule.get());
    }
    return anyOn("garbage-collect", "keepLegacyResource") ? Removal.ON_DELETE : Removal.ON_UPDATE;
  }

  private static Removal removalBy(JsonNode rule) {
    if (rule.path("propagation").asString("").equals("orphan")) {
      return Removal.NEVER;
    }
    return switch (rule.path("strategy").asString("")) {
      case "never" -> Removal.NEVER;
      case "onAppDelete" -> Removal.ON_DELETE;
      default -> Removal.ON_UPDATE;
    };
  }

  /// Whether components go only after those that depend on them.
  public boolean isOrdered() {
    return parameters("garbage-collect").stream()
        .anyMatch(parameter -> parameter.path("order").asString("").equals("dependency"));
  }

  /// How many old revisions of the application are kept; empty: as many as usual.
  public OptionalInt revisionLimit() {
    return parameters("garbage-collect").stream()
        .filter(parameter -> parameter.hasNonNull("applicationRevisionLimit"))
        .mapToInt(parameter -> parameter.path("applicationRevisionLimit").asInt(0))
        .findFirst();
  }

  /// Whether objects are removed although the workflow failed.
  public boolean isCollectedAfterFailure() {
    return anyOn("garbage-collect", "continueOnFailure");
  }

  /// Paths such as `spec.selector`: when one of them changes, the object is deleted and made anew.
  public List<String> recreateFields(JsonNode manifest) {
    return first("resource-update", Subject.of(manifest))
        .map(rule -> RuleSelector.texts(rule.path("strategy"), "recreateFields"))
        .orElse(List.of());
  }

  public Optional<HealthTimes> health() {
    return parameters("health").stream().findFirst().map(HealthTimes::of);
  }

  private boolean anyOn(String type, String field) {
    return parameters(type).stream().anyMatch(parameter -> parameter.path(field).asBoolean(false));
  }

  private boolean isRuled(String type, Subject subject) {
    return first(type, subject).isPresent();
  }

  private Optional<JsonNode> first(String type, Subject subject) {
    Predicate<JsonNode> selects = rule -> RuleSelector.of(rule.path("selector")).matches(subject);
    return rules(type).stream().filter(selects).findFirst();
  }

  private List<JsonNode> rules(String type) {
    return parameters(type).stream().flatMap(p -> p.path("rules").valueStream()).toList();
  }

  private List<JsonNode> parameters(String type) {
    return policies.stream()
        .filter(policy -> policy.type().equals(type))
        .map(Given::parameter)
        .toList();
  }
}
