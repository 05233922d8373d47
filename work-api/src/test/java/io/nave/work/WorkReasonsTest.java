package io.nave.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkReasonsTest {
  /// Every source file that makes conditions of works, replica sets and clusters of a rollout, and
  /// the one that finds more by looking.
  private static final List<String> SOURCES =
      List.of(
          "work-api/src/main/java/io/nave/work/WorkStatus.java",
          "work-api/src/main/java/io/nave/work/StatusFeedback.java",
          "work-api/src/main/java/io/nave/work/ConditionRules.java",
          "work-hub/src/main/java/io/nave/workhub/SetPlan.java",
          "work-hub/src/main/java/io/nave/workhub/SetStatus.java",
          "work-hub/src/main/java/io/nave/workhub/ReplicaSetReconciler.java",
          "work-hub/src/main/java/io/nave/workhub/ClusterTemplate.java",
          "cli/src/main/java/io/nave/cli/WhyWork.java");

  /// Words of the same form that are no reason, and reasons of what is ready.
  private static final Set<String> NO_REASON =
      Set.of(
          // ready
          "AppliedManifestComplete",
          "AppliedManifestWorkComplete",
          "ResourceAvailable",
          "ResourcesAvailable",
          "StatusFeedbackSynced",
          "NoStatusFeedbackSynced",
          "AsExpected",
          "Complete",
          "InSync",
          // condition types, statuses, kinds, fields and words
          "Deleting",
          "Unknown",
          "True",
          "False",
          "ReadyReplicas",
          "Replicas",
          "AvailableReplicas",
          "NumberReady",
          "DesiredNumberScheduled",
          "NumberAvailable",
          "JobComplete",
          "JobSucceeded",
          "PodReady",
          "PodPhase",
          "WellKnownStatus",
          "Integer",
          "String",
          "Boolean",
          "JsonRaw",
          "Succeeded",
          "Failed",
          "ConditionRule",
          "Foreground");

  private static final Pattern WORD = Pattern.compile("\"([A-Z][A-Za-z]{3,})\"");

  @Test
  void everyReasonTheCodeCanGiveIsExplained() throws IOException {
    var root = Path.of("..").toAbsolutePath().normalize();
    var found = new TreeSet<String>();
    for (var source : SOURCES) {
      var words = WORD.matcher(Files.readString(root.resolve(source)));
      while (words.find()) {
        found.add(words.group(1));
      }
    }
    assertThat(found).as("the scan must find something").hasSizeGreaterThan(30);
    found.removeAll(NO_REASON);
    assertThat(found)
        .contains(
            "AppliedManifestFailed", "DependencyNotMet", "ClusterValuesInvalid", "NotSeenByAgent");
    assertThat(found)
        .allSatisfy(reason -> {
          var explained = WorkReasons.of(reason);
          assertThat(explained).as(reason + " needs an explanation in WorkReasons").isPresent();
          assertThat(explained.orElseThrow().cause()).isNotBlank();
          assertThat(explained.orElseThrow().next()).isNotBlank();
        });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "pods \"x\" is forbidden: exceeded quota: small, requested: pods=1|ResourceQuota",
        "the server doesn't have a resource type \"Widget\"|does not have this kind",
        "Apply failed with 1 conflict: conflict with \"kubectl\" using v1: .data.x|another field manager",
        "namespaces \"shop\" not found|namespace is not there",
        "admission webhook \"no.example.com\" denied the request: no|webhook",
        "unable to create new content in namespace x because it is being terminated|on its way out",
        "configmaps \"c\" is forbidden: User \"a\" cannot create|may not do this",
        "not allowed to apply the resource  configmaps, shop c, will try again in 1m0s; x may not create it|executor lacks rights",
        "something new|refused the manifest",
      })
  void readsWhatAClusterDislikes(String message, String cause) {
    assertThat(WorkReasons.of("AppliedManifestFailed", message).orElseThrow().cause())
        .contains(cause);
  }
}
