package io.nave.work;

import static io.nave.work.Objects.object;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OwnershipTest {
  private static final String OTHER_WORK =
      "{'apiVersion':'work.open-cluster-management.io/v1','kind':'AppliedManifestWork','uid':'u2'}";

  @Test
  void comesAndGoesWithoutATrace() {
    var bare = object("{'kind':'ConfigMap','metadata':{'name':'c'}}");
    var owner = Ownership.to(object("{'metadata':{'name':'h-w','uid':'u1'}}"));
    var owned = Ownership.with(bare, owner);
    assertThat(owned.at("/metadata/ownerReferences/0"))
        .isEqualTo(
            Objects.json(
                "{'apiVersion':'work.open-cluster-management.io/v1','kind':'AppliedManifestWork',"
                    + "'name':'h-w','uid':'u1'}"));
    assertThat(Ownership.isOwned(owned, "u1")).isTrue();
    assertThat(Ownership.with(owned, owner)).isSameAs(owned);
    assertThat(Ownership.without(owned, "u1")).isEqualTo(bare);
  }

  @Test
  void onlyAnotherWorkShares() {
    var shared = "{'metadata':{'ownerReferences':[{'kind':'ReplicaSet','uid':'u3'},%s]}}";
    assertThat(Ownership.isShared(object(shared.formatted(OTHER_WORK)), "u1")).isTrue();
    assertThat(Ownership.isShared(object(shared.formatted(OTHER_WORK)), "u2")).isFalse();
  }

  @Test
  void anEarlierRecordOfTheSameWorkNoLongerOwns() {
    var ref =
        "{'apiVersion':'work.open-cluster-management.io/v1','kind':'AppliedManifestWork',"
            + "'name':'%s','uid':'%s'}";
    var object =
        object(
            "{'metadata':{'ownerReferences':[%s,%s,%s]}}"
                .formatted(
                    ref.formatted("h-w", "old"),
                    ref.formatted("h-other", "u2"),
                    ref.formatted("h-w", "u1")));
    var owner = Ownership.to(object("{'metadata':{'name':'h-w','uid':'u1'}}"));
    var left = Ownership.withoutEarlier(object, owner);
    assertThat(left.at("/metadata/ownerReferences").size()).isEqualTo(2);
    assertThat(Ownership.isOwned(left, "old")).isFalse();
    assertThat(Ownership.isOwned(left, "u1")).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "Foreground,web,false",
    "Orphan,web,true",
    "SelectivelyOrphan,web,true",
    "SelectivelyOrphan,db,false"
  })
  void objectsStayBehindAsTheWorkSays(String policy, String name, boolean stays) {
    var option =
        new ManifestWork.DeleteOption(
            policy,
            new ManifestWork.SelectivelyOrphan(
                List.of(new ManifestWork.OrphaningRule("apps", "deployments", "shop", "web"))),
            null);
    assertThat(OrphanRule.keeps(option, "apps", "deployments", "shop", name)).isEqualTo(stays);
    assertThat(OrphanRule.keeps(null, "apps", "deployments", "shop", name)).isFalse();
  }
}
