package io.nave.api.apply;

import static io.nave.api.apply.Kite.NOON;
import static io.nave.api.apply.Kite.OWNERSHIP;
import static io.nave.api.apply.Kite.applier;
import static io.nave.api.apply.Kite.of;
import static io.nave.api.apply.Kite.shown;
import static io.nave.api.apply.Kite.updater;
import static io.nave.api.apply.Kite.whole;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.nave.api.ApiError;
import io.nave.api.Json;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// Who owns what after writes in a row, and what applies leave of the object: the behaviour of
/// structured-merge-diff and of Kubernetes' field manager.
class OwnershipTest {
  private ObjectNode live = Json.object();
  private ManagedFields owners = ManagedFields.NONE;

  private void update(String manager, ObjectNode next) {
    owners = OWNERSHIP.update(live, next, owners, updater(manager), NOON);
    live = next;
  }

  private void apply(String manager, ObjectNode config) {
    apply(manager, config, false, NOON);
  }

  private void force(String manager, ObjectNode config) {
    apply(manager, config, true, NOON);
  }

  private void apply(String manager, ObjectNode config, boolean force, Instant now) {
    var applied = OWNERSHIP.apply(live, config, owners, applier(manager), force, now);
    live = applied.object();
    owners = applied.owners();
  }

  @Test
  void aCreateOwnsAllItSaysWithEveryObjectOnTheWay() {
    update("ann", whole("{metadata: {labels: {a: x}}, spec: {tails: [{name: t, side: left}]}}"));

    assertThat(shown(owners))
        .isEqualTo(
            "{ann=[.metadata.labels, .metadata.labels.a, .spec, .spec.tails,"
                + " .spec.tails[name=\"t\",side=\"left\"],"
                + " .spec.tails[name=\"t\",side=\"left\"].name,"
                + " .spec.tails[name=\"t\",side=\"left\"].side]}");
  }

  @Test
  void anApplyOwnsWhatItNamesButNotTheObjectsOnTheWay() {
    apply("ann", whole("{metadata: {labels: {a: x}}, spec: {colour: red, tags: {}}}"));

    assertThat(shown(owners)).isEqualTo("{ANN=[.metadata.labels.a, .spec.colour, .spec.tags]}");
  }

  @Test
  void anUpdateTakesWhatItChangesFromItsOwner() {
    update("ann", of("{colour: red, size: 1}"));

    update("bob", of("{colour: blue, size: 1}"));

    assertThat(shown(owners)).isEqualTo("{ann=[.spec, .spec.size], bob=[.spec.colour]}");
  }

  @Test
  void whatIsRemovedBelongsToNobody() {
    update("ann", of("{colour: red, size: 1}"));

    update("bob", of("{colour: red}"));

    assertThat(shown(owners)).isEqualTo("{ann=[.spec, .spec.colour]}");
  }

  @Test
  void anUpdateThatChangesNothingChangesNoOwner() {
    update("ann", of("{colour: red}"));
    var before = owners;

    owners =
        OWNERSHIP.update(live, of("{colour: red}"), owners, updater("bob"), NOON.plusSeconds(9));

    assertThat(owners).isSameAs(before);
  }

  @Test
  void anAtomicMapHasOneOwner() {
    update("ann", of("{frozen: {a: x}}"));

    update("bob", of("{frozen: {a: x, b: y}}"));

    assertThat(shown(owners)).isEqualTo("{ann=[.spec], bob=[.spec.frozen]}");
  }

  @Test
  void anotherValueOfSomebodyElseIsAConflict() {
    apply("ann", of("{colour: red, size: 1}"));

    var refused = catchThrowableOfType(ApiError.class, () -> apply("bob", of("{colour: blue}")));

    assertThat(refused.code()).isEqualTo(409);
    assertThat(refused)
        .hasMessage("Apply failed with 1 conflict: conflict with \"ann\": .spec.colour");
    assertThat(refused.causes())
        .containsExactly(
            new ApiError.Cause("FieldManagerConflict", ".spec.colour", "conflict with \"ann\""));
  }

  @Test
  void severalConflictsAreToldByOwner() {
    update("zoe", of("{colour: red, size: 1}"));
    apply("ann", of("{size: 1, marks: [a], tags: {t: x}}"));

    assertThatThrownBy(() -> apply("bob", of("{colour: blue, size: 2, tags: {t: y}}")))
        .hasMessage(
            "Apply failed with 4 conflicts: conflicts with \"ann\":\n- .spec.size\n- .spec.tags.t\n"
                + "conflicts with \"zoe\" using v1:\n- .spec.colour\n- .spec.size");
  }

  @Test
  void forceTakesWhatOthersOwn() {
    apply("ann", of("{colour: red, size: 1}"));

    force("bob", of("{colour: blue}"));

    assertThat(live).isEqualTo(of("{colour: blue, size: 1}"));
    assertThat(shown(owners)).isEqualTo("{ANN=[.spec.size], BOB=[.spec.colour]}");
  }

  @Test
  void theSameValueIsOwnedTogether() {
    apply("ann", of("{colour: red}"));

    apply("bob", of("{colour: red, size: 1}"));

    assertThat(shown(owners)).isEqualTo("{ANN=[.spec.colour], BOB=[.spec.colour, .spec.size]}");
  }

  @Test
  void whatIsAppliedNoMoreGoes() {
    apply("ann", of("{colour: red, size: 1, tags: {a: x, b: y}, tails: [{name: t, length: 3}]}"));

    apply("ann", of("{size: 1, tags: {b: y}}"));

    assertThat(live).isEqualTo(of("{size: 1, tags: {b: y}}"));
    assertThat(shown(owners)).isEqualTo("{ANN=[.spec.size, .spec.tags.b]}");
  }

  @Test
  void whatIsAppliedNoMoreStaysWhereSomebodyElseOwnsIt() {
    apply("ann", of("{colour: red, tails: [{name: t, length: 3}]}"));
    apply("bob", of("{colour: red}"));
    apply("cid", of("{tails: [{name: t, knots: [1]}]}"));

    apply("ann", of("{size: 1}"));

    assertThat(live.path("spec").path("colour").asString("")).isEqualTo("red");
    assertThat(live.path("spec").path("tails").path(0).path("knots").size()).isEqualTo(1);
    assertThat(live.path("spec").path("tails").path(0).has("length")).isFalse();
  }

  @Test
  void anElementThatOthersOnlyUpdatedGoesWithItsApplier() {
    apply("ann", of("{size: 1, tails: [{name: t, length: 3}]}"));
    update("cid", of("{size: 1, tails: [{name: t, length: 3, knots: [1]}]}"));

    apply("ann", of("{size: 1}"));

    assertThat(live).isEqualTo(of("{size: 1}"));
    assertThat(shown(owners)).isEqualTo("{ANN=[.spec.size]}");
  }

  @Test
  void metadataSurvivesThatItsLastLabelGoes() {
    apply("ann", whole("{metadata: {labels: {a: x}}, spec: {size: 1}}"));

    apply("ann", of("{size: 1}"));

    assertThat(live).isEqualTo(of("{size: 1}"));
  }

  @Test
  void theFirstApplyFindsThatSomebodyElseWroteBefore() {
    live = of("{colour: red, size: 1}");

    apply("ann", of("{colour: red}"));

    assertThat(shown(owners))
        .isEqualTo("{ANN=[.spec.colour], before-first-apply=[.spec, .spec.colour, .spec.size]}");
    assertThatThrownBy(() -> apply("ann", of("{colour: red, size: 2}")))
        .hasMessageContaining("conflict with \"before-first-apply\" using v1: .spec.size");
  }

  @Test
  void anApplyThatChangesNothingKeepsItsTime() {
    apply("ann", of("{colour: red}"));
    var before = owners.encode();

    apply("ann", of("{colour: red}"), false, NOON.plusSeconds(60));

    assertThat(owners.encode()).isEqualTo(before);
  }

  @Test
  void kubectlTakesOverWhatItAppliedTheOldWay() {
    var annotation = "kubectl.kubernetes.io/last-applied-configuration";
    var applied = Json.text(of("{colour: red, size: 1}")).replace("\"", "\\\"");
    update(
        "kubectl-client-side-apply",
        whole(
            "{metadata: {annotations: {'%s': \"%s\"}}, spec: {colour: red, size: 1}}"
                .formatted(annotation, applied)));
    update("bob", live.deepCopy());

    apply("kubectl", of("{colour: blue, size: 1}"));

    assertThat(live.path("spec").path("colour").asString("")).isEqualTo("blue");
    assertThat(live.path("metadata").path("annotations").path(annotation).asString(""))
        .isEqualTo(Json.text(of("{colour: blue, size: 1}")) + "\n");
  }

  @Test
  void kubectlDoesNotTakeWhatSomebodyChangedSince() {
    var annotation = "kubectl.kubernetes.io/last-applied-configuration";
    var applied = Json.text(of("{colour: red}")).replace("\"", "\\\"");
    var old =
        whole(
            "{metadata: {annotations: {'%s': \"%s\"}}, spec: {colour: red}}"
                .formatted(annotation, applied));
    update("kubectl-client-side-apply", old);
    var changed = old.deepCopy();
    changed.withObjectProperty("spec").put("colour", "green");
    update("bob", changed);

    assertThatThrownBy(() -> apply("kubectl", of("{colour: blue}")))
        .hasMessage("Apply failed with 1 conflict: conflict with \"bob\" using v1: .spec.colour");
  }

  @Test
  void aConfigurationWhoseFieldsCannotBeNamedIsRefused() {
    assertThatThrownBy(
            () -> apply("ann", of("{tails: [{name: t}, {name: t}], marks: [a, a], odd: 1}")))
        .hasMessage(
            "failed to create typed patch object (/k; v1, Kind=Kite): errors:\n"
                + "  .spec.tails: duplicate entries for key [name=\"t\",side=\"left\"]\n"
                + "  .spec.marks: duplicate entries for key [=\"a\"]\n"
                + "  .spec.odd: field not declared in schema");
    assertThatThrownBy(() -> apply("ann", of("{tails: [{length: 1}]}")))
        .hasMessageContaining(
            ".spec.tails: element 0: associative list with keys has an element that omits key field"
                + " \"name\" (and doesn't have default value)");
  }

  @Test
  void fieldsOfWhatHasBecomeAtomicAreOwnedAsOne() {
    owners =
        ManagedFields.NONE.with(
            applier("ann"), FieldSet.EMPTY.with("f:spec", "f:frozen", "f:a"), NOON);
    live = of("{frozen: {a: x}}");

    assertThatThrownBy(() -> apply("bob", of("{frozen: {b: y}}")))
        .hasMessageContaining("conflict with \"ann\": .spec.frozen");
  }
}
