package io.nave.registration.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.Codec;
import io.nave.registration.TestHub;
import io.nave.registration.api.ManagedCluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which clusters [ImportReconciler] installs the agent into.
final class ImportDecisionTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          true  | ''                                   | ''                              | true
          false | ''                                   | ''                              | false
          true  | ManagedClusterImportSucceeded=False  | ''                              | true
          true  | ManagedClusterImportSucceeded=True   | ''                              | false
          true  | ManagedClusterJoined=True            | ''                              | false
          true  | ''                                   | 2026-01-01T00:00:00Z            | false
          """)
  void onlyThoseThatAreLetInAndNotThereYet(
      boolean accepted, String condition, String deleted, boolean wanted) {
    var equals = condition.indexOf('=');
    var conditions =
        equals < 0
            ? ""
            : "{'type':'%s','status':'%s','reason':'R','message':'','lastTransitionTime':'2026-01-01T00:00:00Z'}"
                .formatted(condition.substring(0, equals), condition.substring(equals + 1));
    var going = deleted.isEmpty() ? "" : ",'deletionTimestamp':'" + deleted + "'";
    var cluster =
        TestHub.object(
            "{'metadata':{'name':'c1'%s},'spec':{'hubAcceptsClient':%s},'status':{'conditions':[%s]}}"
                .formatted(going, accepted, conditions));
    assertThat(ImportReconciler.isWanted(Codec.decode(cluster, ManagedCluster.class)))
        .isEqualTo(wanted);
  }

  @Test
  void aClusterThatIsGoneIsNotImported() {
    assertThat(ImportReconciler.isWanted(null)).isFalse();
  }
}
