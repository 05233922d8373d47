package io.nave.api.apply;

import static io.nave.api.apply.Kite.NOON;
import static io.nave.api.apply.Kite.OWNERSHIP;
import static io.nave.api.apply.Kite.applier;
import static io.nave.api.apply.Kite.of;
import static io.nave.api.apply.Kite.updater;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nave.api.Json;
import io.nave.api.Yaml;
import org.junit.jupiter.api.Test;

class ManagedFieldsTest {
  private static final FieldSet A = FieldSet.EMPTY.with("f:a");
  private static final FieldSet B = FieldSet.EMPTY.with("f:b");

  @Test
  void isWrittenAsKubernetesWritesIt() {
    var owners =
        ManagedFields.NONE
            .with(updater("late"), A, NOON.plusSeconds(1))
            .with(new Manager("status", false, "v1", "status"), B, NOON.plusNanos(5))
            .with(applier("ann"), A, NOON.plusSeconds(9));

    assertThat(owners.encode())
        .isEqualTo(
            Yaml.parse(
                """
                - {manager: ann, operation: Apply, apiVersion: v1, time: '2026-01-01T12:00:09Z',
                   fieldsType: FieldsV1, fieldsV1: {'f:a': {}}}
                - {manager: status, operation: Update, apiVersion: v1, time: '2026-01-01T12:00:00Z',
                   fieldsType: FieldsV1, fieldsV1: {'f:b': {}}, subresource: status}
                - {manager: late, operation: Update, apiVersion: v1, time: '2026-01-01T12:00:01Z',
                   fieldsType: FieldsV1, fieldsV1: {'f:a': {}}}
                """));
    assertThat(ManagedFields.decode(owners.encode()).encode()).isEqualTo(owners.encode());
  }

  @Test
  void anApplierIsTheSameInEveryVersion() {
    var owners =
        ManagedFields.NONE
            .with(new Manager("ann", true, "v1", ""), A, NOON)
            .with(new Manager("ann", true, "v2", ""), B, NOON)
            .with(new Manager("bob", false, "v1", ""), A, NOON)
            .with(new Manager("bob", false, "v2", ""), B, NOON);

    assertThat(owners.entries()).hasSize(3);
    assertThat(owners.of(applier("ann"))).isEqualTo(B);
  }

  @Test
  void whatAClientSendsHoldsWhenItCanBeRead() {
    var present = ManagedFields.NONE.with(applier("ann"), A, NOON);
    var sent = ManagedFields.NONE.with(applier("bob"), B, NOON);

    assertThat(Ownership.told(sent.encode(), present).sameOwners(sent)).isTrue();
    assertThat(Ownership.told(null, present)).isSameAs(present);
    assertThat(Ownership.told(Json.array(), present)).isSameAs(present);
    assertThat(Ownership.told(Json.parse("[{}]"), present).isEmpty()).isTrue();
    assertThat(Ownership.told(Json.parse("[{\"operation\":\"Own\"}]"), present)).isSameAs(present);
  }

  @Test
  void entriesThatAreNoneAreNamed() {
    assertThatThrownBy(() -> ManagedFields.decode(Json.parse("[{\"operation\":\"Own\"}]")))
        .hasMessage("operation must be Apply or Update, found \"Own\"");
  }

  @Test
  void theOldestOfTooManyUpdatersAreThrownTogether() {
    var owners = ManagedFields.NONE.with(applier("ann"), A, NOON);
    var live = of("{}");
    for (var i = 0; i < 14; i++) {
      var next = live.deepCopy();
      next.withObjectProperty("spec").withObjectProperty("tags").put("t" + i, "x");
      owners = OWNERSHIP.update(live, next, owners, updater("m" + i), NOON.plusSeconds(i));
      live = next;
    }

    assertThat(owners.entries().stream().filter(e -> !e.manager().applies()))
        .hasSize(ManagedFields.UPDATERS_MAX);
    assertThat(owners.of(updater("ancient-changes")).paths())
        .contains(".spec.tags.t0", ".spec.tags.t4")
        .doesNotContain(".spec.tags.t5");
    assertThat(owners.of(updater("m13")).paths()).containsExactly(".spec.tags.t13");
  }
}
