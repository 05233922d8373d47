package io.nave.work;

import static io.nave.work.Objects.object;
import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatusFeedbackTest {
  private static final List<ManifestWork.FeedbackRule> WELL_KNOWN =
      List.of(new ManifestWork.FeedbackRule("WellKnownStatus", List.of()));

  private static List<ManifestWork.FeedbackRule> path(String name, String path, String version) {
    return List.of(
        new ManifestWork.FeedbackRule(
            "JSONPaths", List.of(new ManifestWork.JsonPath(name, path, version))));
  }

  private static String read(ApiObject object) {
    var text = new StringBuilder();
    for (var value : StatusFeedback.read(object, WELL_KNOWN).values()) {
      var field = value.fieldValue();
      text.append(value.name())
          .append('=')
          .append(field.integer() != null ? field.integer() : field.string())
          .append(' ');
    }
    return text.toString().strip();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "apps/v1 | Deployment | {'replicas':3,'readyReplicas':2,'availableReplicas':1} |"
            + " ReadyReplicas=2 Replicas=3 AvailableReplicas=1",
        "apps/v1 | Deployment | {} | ''",
        "apps/v1 | DaemonSet | {'numberReady':1,'desiredNumberScheduled':2,'numberAvailable':3} |"
            + " NumberReady=1 DesiredNumberScheduled=2 NumberAvailable=3",
        "batch/v1 | Job | {'succeeded':1,'conditions':[{'type':'Complete','status':'True'}]} |"
            + " JobComplete=True JobSucceeded=1",
        "v1 | Pod | {'phase':'Running','conditions':[{'type':'Ready','status':'False'}]} |"
            + " PodReady=False PodPhase=Running"
      })
  void readsTheWellKnownValues(String apiVersion, String kind, String status, String values) {
    var object =
        object(
            "{'apiVersion':'%s','kind':'%s','metadata':{'name':'x'},'status':%s}"
                .formatted(apiVersion, kind, status));
    assertThat(read(object)).isEqualTo(values);
    assertThat(StatusFeedback.read(object, WELL_KNOWN).condition(WELL_KNOWN).reason())
        .isEqualTo("StatusFeedbackSynced");
  }

  @Test
  void knowsNoValuesOfOtherKinds() {
    var feedback = StatusFeedback.read(object("{'apiVersion':'g/v1','kind':'Widget'}"), WELL_KNOWN);
    var condition = feedback.condition(WELL_KNOWN);
    assertThat(condition.status()).isEqualTo("False");
    assertThat(condition.reason()).isEqualTo("StatusFeedbackSyncFailed");
    assertThat(condition.message())
        .isEqualTo(
            "Sync status feedback failed with error cannot find the wellknown statuses for resource"
                + " with gvk g/v1, Kind=Widget");
    assertThat(
            StatusFeedback.read(object("{'apiVersion':'v1','kind':'ConfigMap'}"), WELL_KNOWN)
                .condition(WELL_KNOWN)
                .message())
        .endsWith("with gvk /v1, Kind=ConfigMap");
  }

  @Test
  void saysThatThereAreNoRules() {
    var condition = StatusFeedback.read(object("{}"), List.of()).condition(List.of());
    assertThat(condition.status()).isEqualTo("True");
    assertThat(condition.reason()).isEqualTo("NoStatusFeedbackSynced");
  }

  @Test
  void readsPathsByTheirTypes() {
    var object =
        object("{'apiVersion':'g/v1','kind':'W','status':{'i':-1,'s':'x','b':false,'n':null}}");
    assertThat(StatusFeedback.read(object, path("i", ".status.i", null)).values().getFirst())
        .isEqualTo(
            new ManifestWork.FeedbackValue(
                "i", new ManifestWork.FieldValue("Integer", -1L, null, null, null)));
    assertThat(StatusFeedback.read(object, path("s", ".status.s", "v1")).values().getFirst())
        .isEqualTo(
            new ManifestWork.FeedbackValue(
                "s", new ManifestWork.FieldValue("String", null, "x", null, null)));
    assertThat(StatusFeedback.read(object, path("b", ".status.b", "")).values().getFirst())
        .isEqualTo(
            new ManifestWork.FeedbackValue(
                "b", new ManifestWork.FieldValue("Boolean", null, null, false, null)));
    for (var nothing : List.of(".status.n", ".status.absent")) {
      assertThat(StatusFeedback.read(object, path("x", nothing, null)))
          .isEqualTo(new StatusFeedback(List.of(), List.of()));
    }
  }

  @Test
  void saysWhatItCannotSend() {
    var object =
        object(
            "{'apiVersion':'g/v1','kind':'W','status':{'o':{},'l':[1],'f':1.5,'long':['%s']}}"
                .formatted("x".repeat(1100)));
    assertThat(StatusFeedback.read(object, path("l", ".status.l", null)).values())
        .containsExactly(
            new ManifestWork.FeedbackValue(
                "l", new ManifestWork.FieldValue("JsonRaw", null, null, null, "[1]")));
    assertThat(StatusFeedback.read(object, path("f", ".status.f", null)).values())
        .extracting(value -> value.fieldValue().jsonRaw())
        .containsExactly("1.5");
    assertThat(StatusFeedback.read(object, path("long", ".status.long", null)).errors())
        .containsExactly(
            "the length of returned json raw string for name long is larger than the maximum length"
                + " 1024");
    assertThat(StatusFeedback.read(object, path("v", ".status.f", "v2")).errors())
        .containsExactly("version set in the path v is not matched for the related resource");
    assertThat(StatusFeedback.read(object, path("p", ".status[", null)).errors().getFirst())
        .startsWith("failed to parse json path .status[ of p with error: ");
  }

  @Test
  void joinsSeveralErrorsAsGoDoes() {
    var feedback = new StatusFeedback(List.of(), List.of("one", "two"));
    assertThat(feedback.condition(WELL_KNOWN).message())
        .isEqualTo("Sync status feedback failed with error [one, two]");
  }

  @Test
  void readsAPathInTheVersionItNames() {
    var object = object("{'apiVersion':'g/v1','kind':'Widget','status':{'old':1}}");
    var newer = object("{'apiVersion':'g/v2','kind':'Widget','status':{'young':2}}");
    var rules = path("y", ".status.young", "v2");
    var values =
        StatusFeedback.read(object, rules, version -> version.equals("v2") ? newer : null).values();
    assertThat(values.getFirst().fieldValue().integer()).isEqualTo(2);
    assertThat(StatusFeedback.read(object, rules, _ -> null).errors()).hasSize(1);
  }
}
