package io.nave.registration.hub;

import static io.nave.registration.hub.Requests.KEY;
import static io.nave.registration.hub.Requests.OTHER_KEY;
import static io.nave.registration.hub.Requests.cluster;
import static io.nave.registration.hub.Requests.hash;
import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import io.nave.registration.api.AgentIdentity;
import io.nave.registration.api.BootstrapGroups;
import io.nave.registration.api.ManagedCluster;
import io.nave.registration.api.SigningRequest;
import io.nave.registration.hub.RequestApprovalReconciler.Decision;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class RequestApprovalDecisionTest {
  private static Decision decide(
      ApiObject request, @Nullable ManagedCluster cluster, ApiObject... pending) {
    return RequestApprovalReconciler.decide(
        new SigningRequest(request),
        cluster,
        List.of(pending).stream().map(SigningRequest::new).toList(),
        Set.of("system:bootstrap:trusted"));
  }

  private static ApiObject at(ApiObject request, String name, String time, int revision) {
    return request.editMeta(meta ->
        meta.put("name", name)
            .put("creationTimestamp", time)
            .put("resourceVersion", Integer.toString(revision)));
  }

  @Test
  void aFirstRequestWaitsForItsCluster() {
    assertThat(decide(Requests.first(), null)).isInstanceOf(Decision.Wait.class);
  }

  @Test
  void aFirstRequestWaitsForAcceptance() {
    assertThat(decide(Requests.first(), cluster("c1", false, "")))
        .isEqualTo(new Decision.Wait("the cluster is not accepted"));
  }

  @Test
  void aFirstRequestOfAnAcceptedClusterIsApprovedAndBindsItsKey() {
    assertThat(decide(Requests.first(), cluster("c1", true, "")))
        .isEqualTo(new Decision.Approve(hash(KEY)));
  }

  @Test
  void theSameKeyIsApprovedAgain() {
    assertThat(decide(Requests.first(), cluster("c1", true, hash(KEY))))
        .isEqualTo(new Decision.Approve(null));
  }

  @Test
  void anotherKeyIsDeniedAlsoBeforeAcceptance() {
    for (var accepted : List.of(true, false)) {
      assertThat(decide(Requests.first("c1", OTHER_KEY), cluster("c1", accepted, hash(KEY))))
          .isInstanceOfSatisfying(
              Decision.Deny.class,
              deny -> {
                assertThat(deny.reason()).isEqualTo("NameTaken");
                assertThat(deny.message()).contains("cluster name c1 is taken");
              });
    }
  }

  @Test
  void ofTwoKeysForAFreeNameTheOlderRequestIsApproved() {
    var older = at(Requests.first("c1", KEY), "c1-z", "2026-01-01T00:00:00Z", 7);
    var newer = at(Requests.first("c1", OTHER_KEY), "c1-a", "2026-01-01T00:00:00Z", 8);
    var free = cluster("c1", true, "");
    assertThat(decide(newer, free, newer, older)).isInstanceOf(Decision.Wait.class);
    assertThat(decide(older, free, newer, older)).isEqualTo(new Decision.Approve(hash(KEY)));
  }

  @Test
  void anOlderRequestThatIsNotSoundHoldsNobodyUp() {
    var bad =
        at(Requests.first("c1", KEY), "c1-z", "2025-01-01T00:00:00Z", 3)
            .edit(tree -> tree.withObjectProperty("spec").putArray("usages").add("any"));
    assertThat(decide(Requests.first("c1", OTHER_KEY), cluster("c1", true, ""), bad))
        .isEqualTo(new Decision.Approve(hash(OTHER_KEY)));
  }

  @Test
  void aRenewalNeedsTheRightToRenew() {
    assertThat(decide(Requests.renewal(KEY), cluster("c1", true, hash(KEY))))
        .isEqualTo(new Decision.ApproveIfMayRenew(null));
  }

  @Test
  void aRenewalWithANewKeyMovesTheName() {
    assertThat(decide(Requests.renewal(OTHER_KEY), cluster("c1", true, hash(KEY))))
        .isEqualTo(new Decision.ApproveIfMayRenew(hash(OTHER_KEY)));
  }

  @Test
  void aRenewalOfADeniedClusterWaits() {
    assertThat(decide(Requests.renewal(KEY), cluster("c1", false, hash(KEY))))
        .isInstanceOf(Decision.Wait.class);
  }

  @Test
  void othersRequestsAreLeftAlone() {
    var other = Requests.first().editMeta(meta -> meta.remove("labels"));
    assertThat(decide(other, cluster("c1", true, ""))).isEqualTo(new Decision.Nothing());
  }

  @Test
  void anUnsoundRequestIsDeniedAtOnce() {
    var bad =
        Requests.first().edit(t -> t.withObjectProperty("spec").putArray("usages").add("any"));
    assertThat(decide(bad, null))
        .isInstanceOfSatisfying(
            Decision.Deny.class, deny -> assertThat(deny.reason()).isEqualTo("UsagesNotAllowed"));
  }

  private static ApiObject returning(KeyPair key) {
    var agent = new AgentIdentity("c1", "a");
    return Requests.sent(
        Requests.of("c1", Requests.pem(agent, key)),
        agent.user(),
        List.of(AgentIdentity.RETURNING, "system:authenticated"));
  }

  @Test
  void anAgentComesBackWithTheKeyItsNameIsBoundTo() {
    assertThat(decide(returning(KEY), cluster("c1", true, hash(KEY))))
        .isEqualTo(new Decision.Approve(null));
  }

  @Test
  void anAgentDoesNotComeBackWithAnotherKey() {
    for (var bound : List.of(hash(OTHER_KEY), "")) {
      assertThat(decide(returning(KEY), cluster("c1", true, bound)))
          .isInstanceOfSatisfying(
              Decision.Deny.class, deny -> assertThat(deny.reason()).isEqualTo("KeyNotBound"));
    }
    assertThat(decide(returning(KEY), null)).isInstanceOf(Decision.Deny.class);
  }

  @Test
  void aDeniedClusterDoesNotComeBack() {
    assertThat(decide(returning(KEY), cluster("c1", false, hash(KEY))))
        .isInstanceOf(Decision.Wait.class);
  }

  private static ApiObject byTrusted(String... more) {
    var groups = new ArrayList<>(Requests.BOOTSTRAP);
    groups.addAll(List.of(more));
    return Requests.sent(
        Requests.of("c1", Requests.pem(new AgentIdentity("c1", "a"), KEY)),
        "system:bootstrap:trusted",
        groups);
  }

  @Test
  void aListedUserNeedNotWaitForAcceptance() {
    assertThat(decide(byTrusted(), cluster("c1", false, "")))
        .isEqualTo(new Decision.Approve(hash(KEY)));
    assertThat(decide(byTrusted(), null)).isInstanceOf(Decision.Wait.class);
    assertThat(decide(byTrusted(), cluster("c1", false, hash(OTHER_KEY))))
        .isInstanceOf(Decision.Deny.class);
  }

  @Test
  void aTokenBoundToAnotherClusterIsDenied() {
    assertThat(decide(byTrusted(BootstrapGroups.only("c10")), cluster("c1", true, "")))
        .isInstanceOfSatisfying(
            Decision.Deny.class,
            deny -> {
              assertThat(deny.reason()).isEqualTo("TokenBoundToOther");
              assertThat(deny.message()).contains("for cluster c10 only, not for c1");
            });
    assertThat(decide(byTrusted(BootstrapGroups.only("c1")), cluster("c1", true, "")))
        .isEqualTo(new Decision.Approve(hash(KEY)));
  }
}
