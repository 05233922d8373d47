package io.nave.registration.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import io.nave.registration.api.SigningRequest;
import io.nave.registration.hub.SigningReconciler.Decision;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SigningDecisionTest {
  private static final Duration YEAR = Duration.ofDays(365);

  private static ApiObject approved(ApiObject request) {
    return new SigningRequest(request).with("Approved", "ByHand", "", Instant.EPOCH);
  }

  private static Decision decide(ApiObject request) {
    return SigningReconciler.decide(new SigningRequest(request), YEAR);
  }

  private static ApiObject subject(String user, String... groups) {
    return approved(Requests.of("x", Requests.pem(user, List.of(groups), Requests.KEY)));
  }

  private static ApiObject expiring(long seconds) {
    return approved(Requests.first())
        .edit(tree -> tree.withObjectProperty("spec").put("expirationSeconds", seconds));
  }

  @Test
  void onlyWhatIsApprovedIsSigned() {
    assertThat(decide(Requests.first())).isEqualTo(new Decision.Nothing());
    assertThat(decide(approved(Requests.first()))).isInstanceOf(Decision.Sign.class);
    var denied =
        new SigningRequest(approved(Requests.first())).with("Denied", "No", "", Instant.EPOCH);
    assertThat(decide(denied)).isEqualTo(new Decision.Nothing());
  }

  @Test
  void whatIsIssuedOrFailedIsLeftAlone() {
    var issued = new SigningRequest(approved(Requests.first())).issued("x");
    assertThat(decide(issued)).isEqualTo(new Decision.Nothing());
    var failed =
        new SigningRequest(approved(Requests.first())).with("Failed", "No", "", Instant.EPOCH);
    assertThat(decide(failed)).isEqualTo(new Decision.Nothing());
  }

  @Test
  void otherSignersAreOthersWork() {
    var other =
        approved(Requests.first())
            .edit(tree -> tree.withObjectProperty("spec").put("signerName", "example.com/x"));
    assertThat(decide(other)).isEqualTo(new Decision.Nothing());
  }

  @Test
  void aPersonsRequestIsSignedWhenAPersonApprovedIt() {
    assertThat(decide(subject("jane", "developers"))).isInstanceOf(Decision.Sign.class);
  }

  @ParameterizedTest
  @CsvSource({"jane,system:masters", "jane,system:nodes", "system:nave:store,x"})
  void theHubsOwnNamesAreNeverSigned(String user, String group) {
    assertThat(decide(subject(user, group))).isInstanceOf(Decision.Fail.class);
  }

  @Test
  void usagesBeyondAClientsAreNeverSigned() {
    for (var usages : List.of(List.of("client auth", "server auth"), List.of("key encipherment"))) {
      var request =
          approved(Requests.first())
              .edit(
                  tree -> usages.forEach(tree.withObjectProperty("spec").putArray("usages")::add));
      assertThat(decide(request)).isInstanceOf(Decision.Fail.class);
    }
  }

  @Test
  void theLifetimeIsTheShorterOfAskedAndAllowed() {
    assertThat(lifetime(approved(Requests.first()))).isEqualTo(YEAR);
    assertThat(lifetime(expiring(3600))).isEqualTo(Duration.ofHours(1));
    assertThat(lifetime(expiring(1))).isEqualTo(Duration.ofMinutes(10));
    assertThat(lifetime(expiring(Long.MAX_VALUE))).isEqualTo(YEAR);
  }

  private static Duration lifetime(ApiObject request) {
    return ((Decision.Sign) decide(request)).lifetime();
  }

  @Test
  void theCleanUpLeavesEveryRequestItsTime() {
    var created = Instant.parse("2026-01-01T00:00:00Z");
    var pending = new SigningRequest(Requests.first());
    assertThat(RequestCleanupReconciler.left(pending, created)).isEqualTo(Duration.ofHours(24));
    var decided = created.plus(Duration.ofHours(3));
    var approved = new SigningRequest(pending.with("Approved", "x", "", decided));
    assertThat(RequestCleanupReconciler.left(approved, decided)).isEqualTo(Duration.ofHours(1));
    assertThat(RequestCleanupReconciler.left(approved, decided.plusSeconds(3600))).isZero();
  }
}
