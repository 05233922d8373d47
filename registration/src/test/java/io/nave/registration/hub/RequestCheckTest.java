package io.nave.registration.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import io.nave.registration.api.AgentIdentity;
import io.nave.registration.hub.RequestCheck.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

final class RequestCheckTest {
  private static final AgentIdentity C1 = new AgentIdentity("c1", "a");
  private static final String USER = "system:open-cluster-management:";

  /// With alternative names, made by `openssl req -addext subjectAltName=DNS:evil.example`.
  private static final String WITH_NAMES =
      """
      -----BEGIN CERTIFICATE REQUEST-----
      MIIBPzCB5gIBADBaMSowKAYDVQQKDCFzeXN0ZW06b3Blbi1jbHVzdGVyLW1hbmFn
      ZW1lbnQ6YzExLDAqBgNVBAMMI3N5c3RlbTpvcGVuLWNsdXN0ZXItbWFuYWdlbWVu
      dDpjMTphMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE8tu/w47LIPp93zKYrE9b
      XmYxIc7QXcjWVnhU+lzVi0IweJmYjxOMOj3/OpktlVXktdI7MOl539lYlhH/MU+3
      dKAqMCgGCSqGSIb3DQEJDjEbMBkwFwYDVR0RBBAwDoIMZXZpbC5leGFtcGxlMAoG
      CCqGSM49BAMCA0gAMEUCIQDxCFad9rZsSePpna4ypQoYKFflwk0dJ4Mu88L05mQg
      awIgfWh6hzIJy4AGIOWQY3Mr5qrYshSrMmMPUUx5RHkVz6c=
      -----END CERTIFICATE REQUEST-----
      """;

  private static String reason(ApiObject request) {
    return switch (RequestCheck.check(request)) {
      case Finding.Foreign _ -> "Foreign";
      case Finding.Faulty(var reason, _) -> reason;
      case Finding.First _ -> "First";
      case Finding.Renewal _ -> "Renewal";
    };
  }

  private static ApiObject changed(Consumer<ObjectNode> spec) {
    return Requests.first().edit(tree -> spec.accept(tree.withObjectProperty("spec")));
  }

  private static ApiObject subject(String user, String... groups) {
    return Requests.sent(
        Requests.of("c1", Requests.pem(user, List.of(groups), Requests.KEY)),
        "system:bootstrap:x",
        Requests.BOOTSTRAP);
  }

  @Test
  void aSoundFirstRequestIsFoundWithItsAgentAndKey() {
    assertThat(RequestCheck.check(Requests.first()))
        .isEqualTo(new Finding.First(C1, Requests.hash(Requests.KEY)));
  }

  @Test
  void anAgentThatAsksForItselfRenews() {
    assertThat(RequestCheck.check(Requests.renewal(Requests.OTHER_KEY)))
        .isEqualTo(new Finding.Renewal(C1, Requests.hash(Requests.OTHER_KEY)));
  }

  @Test
  void theGroupOfAllAgentsMayBeLeftOut() {
    assertThat(reason(subject(USER + "c1:a", USER + "c1"))).isEqualTo("First");
  }

  @Test
  void theBootstrapServiceAccountOfUpstreamCounts() {
    var request =
        Requests.sent(
            Requests.of("c1", Requests.pem(C1, Requests.KEY)),
            AgentIdentity.BOOTSTRAP_ACCOUNT,
            List.of("system:serviceaccounts"));
    assertThat(reason(request)).isEqualTo("First");
  }

  @Test
  void othersRequestsAreLeftToAPerson() {
    assertThat(reason(changed(spec -> spec.put("signerName", "example.com/other"))))
        .isEqualTo("Foreign");
    assertThat(reason(Requests.first().editMeta(meta -> meta.remove("labels"))))
        .isEqualTo("Foreign");
    assertThat(
            reason(
                Requests.first()
                    .editMeta(meta ->
                        meta.withObjectProperty("labels")
                            .put("open-cluster-management.io/addon-name", "x"))))
        .isEqualTo("Foreign");
    assertThat(
            reason(
                Requests.sent(
                    Requests.of("c1", Requests.pem(C1, Requests.KEY)),
                    "jane",
                    List.of("system:authenticated"))))
        .isEqualTo("Foreign");
  }

  @ParameterizedTest
  @CsvSource({
    "'client auth'",
    "'digital signature,client auth'",
    "'digital signature,key encipherment,server auth'",
    "'digital signature,key encipherment,client auth,server auth'",
    "'digital signature,key encipherment,client auth,cert sign'",
    "''",
  })
  void onlyExactlyTheThreeUsagesAreAllowed(String usages) {
    var request = changed(spec -> List.of(usages.split(",")).forEach(spec.putArray("usages")::add));
    assertThat(reason(request)).isEqualTo("UsagesNotAllowed");
  }

  @Test
  void theOrderOfUsagesDoesNotMatter() {
    var request =
        changed(spec ->
            List.of("client auth", "key encipherment", "digital signature")
                .forEach(spec.putArray("usages")::add));
    assertThat(reason(request)).isEqualTo("First");
  }

  @Test
  void alternativeNamesAreRefused() {
    var request =
        Requests.sent(Requests.of("c1", WITH_NAMES), "system:bootstrap:x", Requests.BOOTSTRAP);
    assertThat(RequestCheck.check(request))
        .isEqualTo(
            new Finding.Faulty(
                "AlternativeNamesNotAllowed",
                "an agent's certificate has no alternative names, this request asks for"
                    + " [DNS:evil.example]"));
  }

  @Test
  void tooShortALifetimeIsRefused() {
    assertThat(reason(changed(spec -> spec.put("expirationSeconds", 599))))
        .isEqualTo("LifetimeTooShort");
    assertThat(reason(changed(spec -> spec.put("expirationSeconds", 600)))).isEqualTo("First");
  }

  @Test
  void whatCannotBeReadIsRefused() {
    assertThat(reason(changed(spec -> spec.put("request", "!!")))).isEqualTo("RequestUnreadable");
    assertThat(reason(changed(spec -> spec.put("request", "aGVsbG8="))))
        .isEqualTo("RequestUnreadable");
    assertThat(reason(changed(spec -> spec.remove("request")))).isEqualTo("RequestUnreadable");
  }

  @Test
  void theGroupOfMastersIsNeverAskedFor() {
    assertThat(reason(subject(USER + "c1:a", USER + "c1", "system:masters")))
        .isEqualTo("SubjectMismatch");
    assertThat(reason(subject("system:admin", USER + "c1"))).isEqualTo("SubjectMismatch");
  }

  @ParameterizedTest
  @CsvSource({
    "c10:x,c1", // CVE-2026-4740: the name of another cluster begins with this one's
    "c:x,c1",
    "C1:x,c1",
    "c1 :x,c1",
    "c1.:x,c1",
    "с1:x,c1", // Cyrillic
    "c1:x,c10",
    "c1:x,C1",
    "c1:x,c2",
    "c1,c1",
    "c1:,c1",
    ":x,c1",
    "c1:x:y,c1",
    "cluster:c1:addon:x:agent:y,c1",
  })
  void namesThatAreNotExactlyTheClustersAreRefused(String user, String group) {
    assertThat(reason(subject(USER + user, USER + group))).isEqualTo("SubjectMismatch");
  }

  @Test
  void anAgentMayNotAskForAnotherAgentOfItsCluster() {
    var request =
        Requests.sent(
            Requests.of("c1", Requests.pem(new AgentIdentity("c1", "b"), Requests.KEY)),
            C1.user(),
            C1.certificate().organisations());
    assertThat(reason(request)).isEqualTo("IdentityMismatch");
  }

  @Test
  void anAgentMayNotAskForAnotherCluster() {
    var request =
        Requests.sent(
            Requests.of("c10", Requests.pem(new AgentIdentity("c10", "a"), Requests.KEY)),
            C1.user(),
            C1.certificate().organisations());
    assertThat(reason(request)).isEqualTo("IdentityMismatch");
  }

  @ParameterizedTest
  @CsvSource({"managed-clusters", "kube-system", "default", "C1", "a.b", "-a"})
  void namesThatWouldGiveMoreThanAClustersRightsAreRefused(String cluster) {
    var request =
        Requests.sent(
            Requests.of(cluster, Requests.pem(new AgentIdentity(cluster, "a"), Requests.KEY)),
            "system:bootstrap:x",
            Requests.BOOTSTRAP);
    assertThat(reason(request)).isEqualTo("ClusterNameInvalid");
  }

  /// - Goal: no pair of names ever gets the one cluster the other's certificate.
  /// - Method: 10,000 pairs of names that are alike (prefixes, dots, case, Unicode); the sender is
  ///   the agent of the one, label, common name and organisation are drawn from both. What is found
  ///   sound names the sender's cluster everywhere, and only then it is.
  @Test
  void noPairOfNamesEverGetsTheOthersCertificate() {
    var random = new SplittableRandom(42);
    var names = alike(random);
    var pems = new TreeMap<String, String>();
    var sound = 0;
    for (var i = 0; i < 10_000; i++) {
      var own = names.get(random.nextInt(names.size()));
      var other = names.get(random.nextInt(names.size()));
      var label = random.nextBoolean() ? own : other;
      var user = random.nextInt(4) > 0 ? own : other;
      var group = random.nextInt(4) > 0 ? own : other;
      var pem =
          pems.computeIfAbsent(
              user + "\0" + group,
              _ -> Requests.pem(USER + user + ":a", List.of(USER + group), Requests.KEY));
      var request = Requests.sent(Requests.of(label, pem), USER + own + ":a", List.of(USER + own));
      var finding = RequestCheck.check(request);
      if (finding instanceof Finding.Renewal(var agent, _)) {
        sound++;
        assertThat(List.of(label, user, group, agent.cluster())).containsOnly(own);
      } else {
        assertThat(finding).isInstanceOf(Finding.Faulty.class);
      }
    }
    assertThat(sound).isGreaterThan(500);
  }

  private static List<String> alike(SplittableRandom random) {
    var names = new ArrayList<>(List.of("c1", "c10", "c1-0", "c", "east", "east1"));
    var alphabet = List.of("c", "1", "0", "-", ".", "C", "ä", "с", "ﬁ", "e\u0301", " ");
    while (names.size() < 40) {
      var name = new StringBuilder(names.get(random.nextInt(6)));
      for (var i = random.nextInt(1, 4); i > 0; i--) {
        name.append(alphabet.get(random.nextInt(alphabet.size())));
      }
      names.add(name.toString());
    }
    return names;
  }
}
