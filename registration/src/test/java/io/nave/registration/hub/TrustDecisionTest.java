package io.nave.registration.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import io.nave.controllers.ApiClient.Write;
import io.nave.registration.api.HubTrust;
import io.nave.registration.hub.TrustReconciler.Change;
import org.junit.jupiter.api.Test;

final class TrustDecisionTest {
  private static ApiObject map(String annotation, String value) {
    return HubTrust.of("CA", "sha256:1")
        .editMeta(meta -> {
          meta.put("resourceVersion", "3");
          meta.putObject("annotations").put(annotation, value);
        });
  }

  @Test
  void withoutAWishNothingChanges() {
    assertThat(TrustReconciler.decide(null, "nave-hub")).isEqualTo(Change.NONE);
    assertThat(TrustReconciler.decide(map("a", "b"), "nave-hub")).isEqualTo(Change.NONE);
  }

  @Test
  void aWishForANewAuthorityIsMetOnce() {
    var wish = map(TrustReconciler.ROTATE, "2026");
    assertThat(TrustReconciler.decide(wish, "nave-hub")).isEqualTo(Change.ROTATE);
    assertThat(TrustReconciler.decide(wish, "nave-hub-2026")).isEqualTo(Change.NONE);
  }

  @Test
  void aWishThatIsNoNameIsLeftAlone() {
    for (var wish : new String[] {"", "A", "a b", "x".repeat(41), "a,CN=b"}) {
      assertThat(TrustReconciler.decide(map(TrustReconciler.ROTATE, wish), "nave-hub"))
          .as(wish)
          .isEqualTo(Change.NONE);
    }
  }

  @Test
  void onlyTheOneThatSignsNowCanBeLeftAlone() {
    var forget = map(TrustReconciler.FORGET, "nave-hub-2026");
    assertThat(TrustReconciler.decide(forget, "nave-hub-2026")).isEqualTo(Change.FORGET);
    assertThat(TrustReconciler.decide(forget, "nave-hub-2027")).isEqualTo(Change.NONE);
  }

  @Test
  void whatIsPublishedIsPutBackWhenItWasEdited() {
    assertThat(TrustReconciler.plan(null, HubTrust.of("CA", "sha256:1")))
        .containsExactly(
            new Write.Create(
                io.nave.registration.api.HubKinds.CONFIG_MAP, HubTrust.of("CA", "sha256:1")));
    assertThat(TrustReconciler.plan(map("a", "b"), HubTrust.of("CA", "sha256:1"))).isEmpty();
    assertThat(TrustReconciler.plan(map("a", "b"), HubTrust.of("OTHER", "sha256:1")))
        .singleElement()
        .isInstanceOfSatisfying(
            Write.Change.class,
            change ->
                assertThat(change.patch().body().at("/data/ca.crt").asString(""))
                    .isEqualTo("OTHER"));
  }
}
