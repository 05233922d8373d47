package io.nave.work;

import static io.nave.work.Objects.object;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.work.ManifestWork.IgnoreField;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IgnoredFieldsTest {
  private static final ApiObject WANTED =
      object(
          "{'apiVersion':'apps/v1','kind':'Deployment','metadata':{'name':'web'},'spec':{'replicas':3,"
              + "'template':{'containers':[{'name':'a','image':'x'},{'name':'b','image':'y'}]}}}");
  private static final ApiObject LIVE = object("{'apiVersion':'apps/v1','kind':'Deployment'}");

  private static List<IgnoreField> jsonPath(String condition, String path) {
    return List.of(new IgnoreField(condition, List.of(path), List.of(), List.of()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "path|.spec.replicas|/spec/replicas|",
        "path|$.spec.replicas|/spec/replicas|",
        "path|.spec.template.containers[*].image|/spec/template/containers/0/image|/spec/template/containers/0/name",
        "path|.spec.template.containers[?(@.name==\"b\")].image|/spec/template/containers/1/image|/spec/template/containers/0/image",
        "pointer|/spec/replicas|/spec/replicas|",
        "pointer|/spec/template/containers/1/image|/spec/template/containers/1/image|/spec/template/containers/0/image",
        "jq|.spec.replicas|/spec/replicas|",
        "jq|.spec.template.containers[] PIPE select(.name == \"b\") PIPE .image|/spec/template/containers/1/image|/spec/template/containers/0/image",
      })
  void leavesOutWhatTheSelectorNames(String form, String selector, String gone, String kept) {
    var text = selector.replace("PIPE", "|");
    var one = List.of(text);
    var none = List.<String>of();
    var rule =
        new IgnoreField(
            "OnSpokePresent",
            form.equals("path") ? one : none,
            form.equals("pointer") ? one : none,
            form.equals("jq") ? one : none);
    var patch = IgnoredFields.patch(WANTED, List.of(rule), LIVE);
    assertThat(patch.at(gone).isMissingNode()).as(text).isTrue();
    if (kept != null) {
      assertThat(patch.at(kept).isMissingNode()).isFalse();
    }
    assertThat(IgnoredFields.patch(WANTED, List.of(rule), null).at(gone).isMissingNode()).isFalse();
  }

  @Test
  void leavesOutWhatTheHubDidNotChange() {
    var rules = jsonPath("OnSpokeChange", ".spec.replicas");
    var first = IgnoredFields.patch(WANTED, rules, null);
    var hash = first.annotations().get(IgnoredFields.HASH);
    assertThat(hash).hasSize(32);
    assertThat(first.at("/spec/replicas").asInt(0)).isEqualTo(3);
    var live = LIVE.editMeta(m -> m.putObject("annotations").put(IgnoredFields.HASH, hash));
    assertThat(IgnoredFields.patch(WANTED, rules, live).at("/spec/replicas").isMissingNode())
        .isTrue();
    var changed = WANTED.edit(tree -> tree.withObjectProperty("spec").put("replicas", 5));
    assertThat(IgnoredFields.patch(changed, rules, live).at("/spec/replicas").asInt(0))
        .isEqualTo(5);
  }

  @Test
  void refusesWhatItDoesNotUnderstand() {
    var jq = new IgnoreField("OnSpokePresent", List.of(), List.of(), List.of(".a | map(.b)"));
    assertThatThrownBy(() -> IgnoredFields.patch(WANTED, List.of(jq), LIVE))
        .isInstanceOf(ApiError.class)
        .hasMessageContaining("only paths are understood");
    assertThatThrownBy(() -> IgnoredFields.patch(WANTED, jsonPath("OnSpokePresent", ".a["), LIVE))
        .isInstanceOf(ApiError.class);
  }
}
