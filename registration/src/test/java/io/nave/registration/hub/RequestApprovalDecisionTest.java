package io.nave.registration.hub;

import static io.nave.registration.hub.Requests.KEY;
import static io.nave.registration.hub.Requests.OTHER_KEY;
import static io.nave.registration.hub.Requests.cluster;
import static io.nave.registration.hub.Requests.hash;
import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import io.nave.registration.api.ManagedCluster;
import io.nave.registration.api.SigningRequest;
import io.nave.registration.hub.RequestApprovalReconciler.Decision;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class RequestApprovalDecisionTest {
  private static Decision decide(
      ApiObject request, @Nullable ManagedCluster cluster, ApiObject... pending) {
    return RequestApprovalReconciler.decide(
        new SigningRequest(request),
        cluster,
        List.of(pending).stream().map(SigningRequest::new).toList());
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
}
