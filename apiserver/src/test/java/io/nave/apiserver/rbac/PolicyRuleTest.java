package io.nave.apiserver.rbac;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.apiserver.Api.Attributes;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PolicyRuleTest {
  /// Rule: group, resources, verbs, names; then what is asked: verb, group, resource, sub, name.
  @ParameterizedTest
  @CsvSource({
    // the plain cases
    "'',pods,get,'',        get,'',pods,'',a,       true",
    "'',pods,get,'',        list,'',pods,'',a,      false",
    "'',pods,get,'',        get,apps,pods,'',a,     false",
    "'',pods,get,'',        get,'',nodes,'',a,      false",
    "*,*,*,'',              any,thing,at,all,a,     true",
    // subresources are resources of their own
    "'',pods,get,'',        get,'',pods,status,a,   false",
    "'',pods/status,get,'', get,'',pods,status,a,   true",
    "'',pods/status,get,'', get,'',pods,'',a,       false",
    "'',*/status,get,'',    get,'',pods,status,a,   true",
    "'',*/status,get,'',    get,'',pods,'',a,       false",
    "'',*,get,'',           get,'',pods,status,a,   true",
    // names
    "'',pods,get,a,         get,'',pods,'',a,       true",
    "'',pods,get,a,         get,'',pods,'',b,       false",
    "'',pods,list,a,        list,'',pods,'','',     false",
    "'',pods,create,a,      create,'',pods,'','',   false",
  })
  void allowsWhatItSays(
      String group,
      String resource,
      String verb,
      String name,
      String askedVerb,
      String askedGroup,
      String askedResource,
      String subresource,
      String askedName,
      boolean allowed) {
    var rule =
        new PolicyRule(
            List.of(verb),
            List.of(group),
            List.of(resource),
            name.isEmpty() ? List.of() : List.of(name),
            List.of());
    var asked =
        new Attributes(askedVerb, askedGroup, askedResource, subresource, "ns", askedName, "");
    assertThat(rule.allows(asked)).isEqualTo(allowed);
  }

  @ParameterizedTest
  @CsvSource({
    "/healthz,  /healthz,      true",
    "/healthz,  /healthz/etcd, false",
    "/apis/*,   /apis/apps,    true",
    "/apis/*,   /apis,         false",
    "*,         /metrics,      true",
  })
  void pathsMayEndInAStar(String url, String path, boolean allowed) {
    var rule = PolicyRule.onPaths(List.of(url), List.of("get"));
    assertThat(rule.allows(Attributes.ofPath("get", path))).isEqualTo(allowed);
    assertThat(rule.allows(Attributes.ofPath("post", path))).isFalse();
  }

  @Test
  void aRuleOnPathsAllowsNoResource() {
    var rule = PolicyRule.onPaths(List.of("*"), List.of("*"));
    assertThat(rule.allows(new Attributes("get", "", "pods", "", "", "", ""))).isFalse();
  }

  @Test
  void coversWhatIsNarrowerOnly() {
    var wide = PolicyRule.on("", List.of("pods", "*/status"), List.of("get", "list"));
    assertThat(wide.covers(PolicyRule.on("", List.of("pods"), List.of("get")))).isTrue();
    assertThat(wide.covers(PolicyRule.on("", List.of("nodes/status"), List.of("get")))).isTrue();
    assertThat(wide.covers(PolicyRule.on("", List.of("pods"), List.of("*")))).isFalse();
    var named =
        new PolicyRule(List.of("get"), List.of(""), List.of("pods"), List.of("a"), List.of());
    assertThat(wide.covers(named)).isTrue();
    assertThat(named.covers(PolicyRule.on("", List.of("pods"), List.of("get"))))
        .as("one name is not all names")
        .isFalse();
  }
}
