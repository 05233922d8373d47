package io.nave.applications;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.Condition;
import io.nave.api.Meta;
import io.nave.api.Yaml;
import io.nave.applications.api.Application;
import io.nave.applications.policies.Treatments;
import io.nave.work.ManifestWork;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DismantlingTest {
  private static final Treatments PLAIN = Treatments.of(List.of());
  private static final Treatments ORDERED =
      Treatments.of(
          List.of(new Treatments.Given("garbage-collect", Yaml.parse("{order: dependency}"))));
  private static final Application SHOP =
      Samples.web(
          """
          components:
          - {name: db, type: webservice, properties: {image: a}}
          - {name: api, type: webservice, dependsOn: [db], properties: {image: a}}
          - {name: web, type: webservice, dependsOn: [api], properties: {image: a}}
          """);

  private static ManifestWork work(String component) {
    var labels =
        component.isEmpty() ? Map.<String, String>of() : Map.of(Works.COMPONENT, component);
    return new ManifestWork(
        Meta.named("east", "app-" + component).withLabels(labels),
        new ManifestWork.Spec(null, null, List.of(), null),
        new ManifestWork.Status(List.of(), null));
  }

  private static List<String> names(List<ManifestWork> works) {
    return works.stream().map(work -> work.metadata().name()).toList();
  }

  @Test
  void allGoAtOnceUnlessOrderIsAskedFor() {
    var present = List.of(work("db"), work("api"), work("web"));
    assertThat(names(Dismantling.next(SHOP, present, PLAIN, Samples.NOW).delete()))
        .containsExactly("app-db", "app-api", "app-web");
  }

  @Test
  void aComponentGoesAfterThoseThatDependOnIt() {
    var all = List.of(work(""), work("db"), work("api"), work("web"));
    assertThat(names(Dismantling.next(SHOP, all, ORDERED, Samples.NOW).delete()))
        .containsExactly("app-web");
    var less = List.of(work(""), work("db"), work("api"));
    assertThat(names(Dismantling.next(SHOP, less, ORDERED, Samples.NOW).delete()))
        .containsExactly("app-api");
    assertThat(names(Dismantling.next(SHOP, List.of(work("")), ORDERED, Samples.NOW).delete()))
        .containsExactly("app-");
  }

  @Test
  void orphanedWorksAreToldFirstAndDeletedThen() {
    var orphaned =
        new Application(
            SHOP.metadata().withFinalizers(List.of(Dismantling.ORPHAN)),
            SHOP.spec(),
            SHOP.status());
    var first = Dismantling.next(orphaned, List.of(work("db")), PLAIN, Samples.NOW);
    assertThat(first.delete()).isEmpty();
    assertThat(first.update()).hasSize(1);
    var then = Dismantling.next(orphaned, first.update(), PLAIN, Samples.NOW);
    assertThat(names(then.delete())).containsExactly("app-db");
    assertThat(then.update()).isEmpty();
  }

  /// An heir that its cluster cannot apply would keep the application for ever.
  @Test
  void anHeirThatIsRefusedForLongIsNotWaitedFor() {
    var since = Samples.NOW.minus(Dismantling.PATIENCE);
    var heir = refused(since);

    var early = Dismantling.next(SHOP, List.of(heir), PLAIN, Samples.NOW.minusSeconds(1));
    var late = Dismantling.next(SHOP, List.of(heir), PLAIN, Samples.NOW);
    var unseen = Dismantling.next(SHOP, List.of(heir(List.of())), PLAIN, Samples.NOW);

    assertThat(early.delete()).isEmpty();
    assertThat(early.again()).isEqualTo(Samples.NOW);
    assertThat(names(late.delete())).containsExactly("app-heir");
    assertThat(unseen.delete()).isEmpty();
    assertThat(unseen.again()).isNull();
  }

  private static ManifestWork refused(Instant since) {
    var applied =
        Condition.of(ManifestWork.APPLIED, false, "AppliedManifestFailed", "no such kind");
    return heir(Condition.merge(List.of(), applied.observed(0L), since));
  }

  /// A work that inherits an object.
  private static ManifestWork heir(List<Condition> conditions) {
    return new ManifestWork(
        Meta.named("east", "app-heir").withAnnotations(Map.of(Heritage.ANNOTATION, "thing")),
        new ManifestWork.Spec(null, null, List.of(), null),
        new ManifestWork.Status(conditions, null));
  }
}
