package io.nave.work;

import static io.nave.work.Objects.object;
import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManifestMergeTest {
  private static ApiObject spec(String spec) {
    return object(
        "{'apiVersion':'g/v1','kind':'Thing','metadata':{'name':'t'},'spec':%s}".formatted(spec));
  }

  private static Optional<ApiObject> merge(ApiObject wanted, ApiObject live) {
    return ManifestMerge.merge(ManifestMerge.wanted(wanted.json()), live, null);
  }

  /// wanted, live, merged; equal live and merged means: nothing to write.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'a':1}                    | {'a':1}                          | {'a':1}",
        "{'a':1}                    | {'a':1,'default':true}           | {'a':1,'default':true}",
        "{'a':1.0}                  | {'a':1}                          | {'a':1}",
        "{'a':null}                 | {'a':5}                          | {'a':5}",
        "{'a':null}                 | {}                               | {}",
        "{'a':2}                    | {'a':1,'default':true}           | {'a':2,'default':true}",
        "{'a':{'b':1,'c':null}}     | {}                               | {'a':{'b':1}}",
        "{'a':{'b':{'c':2}}}        | {'a':{'b':{'c':1,'d':3},'e':4}}  | {'a':{'b':{'c':2,'d':3},'e':4}}",
        "{'a':'x'}                  | {'a':{'b':1}}                    | {'a':'x'}",
        "{'l':[1,2]}                | {'l':[1,2]}                      | {'l':[1,2]}",
        "{'l':[2]}                  | {'l':[1,2]}                      | {'l':[2]}",
        "{'l':[]}                   | {'l':[1]}                        | {'l':[]}",
        "{'l':[{'p':80}]}           | {'l':[{'p':80,'proto':'TCP'}]}   | {'l':[{'p':80,'proto':'TCP'}]}",
        "{'l':[{'p':81}]}           | {'l':[{'p':80,'proto':'TCP'}]}   | {'l':[{'p':81,'proto':'TCP'}]}",
        "{'l':[{'p':81},{'p':82}]}  | {'l':[{'p':80,'proto':'TCP'}]}   | {'l':[{'p':81},{'p':82}]}",
        "{'l':[{'name':'b','v':1},{'name':'a','v':2}]} | {'l':[{'name':'a','v':2,'d':1}]} |"
            + " {'l':[{'name':'b','v':1},{'name':'a','v':2,'d':1}]}"
      })
  void laysTheSpecOverWhatIsThere(String wanted, String live, String merged) {
    var outcome = merge(spec(wanted), spec(live));
    assertThat(outcome.orElse(spec(live)).spec()).isEqualTo(spec(merged).spec());
    assertThat(outcome.isEmpty()).isEqualTo(spec(live).equals(spec(merged)));
  }

  @Test
  void removesWhatAnEarlierManifestSaid() {
    var last = spec("{'selector':{'a':'1','b':'2'},'gone':true,'l':[{'name':'e','value':'v'}]}");
    var wanted = spec("{'selector':{'a':'1'},'l':[{'name':'e','valueFrom':{'key':'k'}}]}");
    var live =
        spec(
            "{'selector':{'a':'1','b':'2','c':'3'},'gone':true,'filled':1,"
                + "'l':[{'name':'e','value':'v','filled':2}]}");
    var merged = ManifestMerge.merge(wanted, live, last).orElseThrow();
    assertThat(merged.spec())
        .isEqualTo(
            spec("{'selector':{'a':'1','c':'3'},'filled':1,"
                    + "'l':[{'name':'e','filled':2,'valueFrom':{'key':'k'}}]}")
                .spec());
  }

  @Test
  void addsMetadataAndRemovesNone() {
    var wanted =
        object(
            "{'kind':'Thing','metadata':{'name':'t','uid':'x','finalizers':['mine'],"
                + "'labels':{'a':'2','n':'1'},'annotations':{'z':'1'},"
                + "'ownerReferences':[{'uid':'u2','name':'o2'}]}}");
    var live =
        object(
            "{'kind':'Thing','metadata':{'name':'t','uid':'live','resourceVersion':'7',"
                + "'finalizers':['kept'],'labels':{'a':'1','b':'1'},"
                + "'ownerReferences':[{'uid':'u1','name':'o1'}]}}");
    assertThat(merge(wanted, live).orElseThrow())
        .isEqualTo(
            object(
                "{'kind':'Thing','metadata':{'name':'t','uid':'live','resourceVersion':'7',"
                    + "'finalizers':['kept'],'labels':{'a':'2','b':'1','n':'1'},"
                    + "'ownerReferences':[{'uid':'u1','name':'o1'},{'uid':'u2','name':'o2'}],"
                    + "'annotations':{'z':'1'}}}"));
  }

  @Test
  void leavesTheStatusAlone() {
    var wanted = object("{'kind':'Thing','metadata':{'name':'t'},'status':{'ready':1}}");
    var live = object("{'kind':'Thing','metadata':{'name':'t'},'status':{'ready':2}}");
    assertThat(merge(wanted, live)).isEmpty();
  }

  @Test
  void takesTheDataOfAConfigMapExactly() {
    var wanted =
        object("{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'c'},'data':{'a':'1'}}");
    var live =
        object(
            "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'c'},'data':{'a':'1','b':'2'}}");
    assertThat(merge(wanted, live).orElseThrow().json().path("data"))
        .isEqualTo(Objects.json("{'a':'1'}"));
  }

  @Test
  void takesTheRulesOfARoleExactlyUnlessTheyAreAggregated() {
    var role =
        "{'apiVersion':'rbac.authorization.k8s.io/v1','kind':'ClusterRole','metadata':{'name':'r'},"
            + "%s'rules':[{'verbs':['get']%s}]}";
    var wanted = object(role.formatted("", ""));
    assertThat(merge(wanted, object(role.formatted("", ",'nonResourceURLs':['/x']")))).isPresent();
    assertThat(
            merge(
                wanted,
                object(role.formatted("'aggregationRule':{},", ",'nonResourceURLs':['/x']"))))
        .isEmpty();
  }

  @Test
  void storesTheTextsOfASecretAsTheServerDoes() {
    var manifest =
        object(
            "{'apiVersion':'v1','kind':'Secret','metadata':{'name':'s'},'stringData':{'user':'ann'}}");
    var wanted = ManifestMerge.wanted(manifest.json());
    assertThat(wanted.json().has("stringData")).isFalse();
    assertThat(wanted.at("/data/user").asString()).isEqualTo("YW5u");
    assertThat(ManifestMerge.merge(wanted, wanted, null)).isEmpty();
  }

  @Test
  void keepsATokenInAServiceAccountsSecret() {
    var secret =
        "{'apiVersion':'v1','kind':'Secret','metadata':{'name':'s'},"
            + "'type':'kubernetes.io/service-account-token','data':{%s}}";
    assertThat(
            merge(
                object(secret.formatted("'a':'YQ=='")),
                object(secret.formatted("'a':'YQ==','token':'dA=='"))))
        .isEmpty();
  }

  @Test
  void replacesAllButMetadataAndStatusWhenAsked() {
    var wanted = spec("{'type':'Recreate'}");
    var live =
        object(
            "{'apiVersion':'g/v1','kind':'Thing','metadata':{'name':'t','resourceVersion':'3','labels':{'l':'1'}},"
                + "'spec':{'type':'RollingUpdate','rollingUpdate':{}},'status':{'ready':1}}");
    assertThat(ManifestMerge.replace(wanted, live))
        .isEqualTo(
            object(
                "{'apiVersion':'g/v1','kind':'Thing','metadata':{'name':'t','resourceVersion':'3','labels':{'l':'1'}},"
                    + "'spec':{'type':'Recreate'},'status':{'ready':1}}"));
  }

  @Test
  void digestsNothingThatChangesByItself() {
    var one =
        object(
            "{'kind':'T','metadata':{'name':'t','resourceVersion':'1','generation':1},'spec':{'a':1},'status':{'x':1}}");
    var two =
        object(
            "{'kind':'T','metadata':{'name':'t','resourceVersion':'2','generation':2},'spec':{'a':1},'status':{'x':2}}");
    var other = object("{'kind':'T','metadata':{'name':'t'},'spec':{'a':2}}");
    assertThat(ManifestMerge.digest(one))
        .isEqualTo(ManifestMerge.digest(two))
        .isNotEqualTo(ManifestMerge.digest(other));
  }
}
