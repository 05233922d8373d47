package io.nave.apiserver.kinds;

import static io.nave.apiserver.TestServer.ADMIN;
import static io.nave.apiserver.TestServer.merge;
import static io.nave.apiserver.TestServer.object;
import static io.nave.apiserver.TestServer.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.apiserver.Api;
import io.nave.apiserver.Caller;
import io.nave.apiserver.LocalClient;
import io.nave.apiserver.TestServer;
import io.nave.apiserver.rbac.ClusterRole;
import io.nave.apiserver.rbac.ClusterRoleBinding;
import io.nave.certs.CertificateRequest;
import io.nave.certs.KeyPairs;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class CsrTest {
  private static final ResourceType CSRS = ResourceType.of(CertificateSigningRequest.class);
  private static final Key KEY = Key.of("east-1");

  private final TestServer server = TestServer.start();
  private final Caller agent =
      new Caller("agent", "u1", List.of("boot", Caller.AUTHENTICATED), Map.of("k", List.of("v")));
  private final LocalClient asAgent = new LocalClient(server.api, agent);

  @BeforeEach
  void letTheAgentAskAndClerksTouchCsrs() {
    grant(
        "ask",
        "agent",
        "{'apiGroups':['certificates.k8s.io'],'resources':['certificatesigningrequests'],'verbs':['create','get','update']}");
    grant(
        "clerk",
        "clerk",
        "{'apiGroups':['certificates.k8s.io'],'resources':['certificatesigningrequests','certificatesigningrequests/approval','certificatesigningrequests/status'],'verbs':['*']}");
  }

  @AfterEach
  void close() {
    server.close();
  }

  private void grant(String name, String user, String rules) {
    server.client.create(
        ResourceType.of(ClusterRole.class),
        object("{'metadata':{'name':'%s'},'rules':[%s]}".formatted(name, rules)));
    server.client.create(
        ResourceType.of(ClusterRoleBinding.class),
        object(
            "{'metadata':{'name':'%s'},'roleRef':{'kind':'ClusterRole','name':'%s'},'subjects':[{'kind':'User','name':'%s'}]}"
                .formatted(name, name, user)));
  }

  private ApiObject csr(String signer, String... organisations) {
    var pair = KeyPairs.generate(server.host.secureRandom());
    var pem = CertificateRequest.create(pair, "east", List.of(organisations)).toPem();
    var encoded = Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.US_ASCII));
    return object(
        """
        {'metadata':{'name':'east-1'},
         'spec':{'request':'%s','signerName':'%s','usages':['client auth','digital signature'],
          'expirationSeconds':3600,'username':'somebody else','groups':['system:masters']}}\
        """
            .formatted(encoded, signer));
  }

  private ApiObject usual() {
    return csr("kubernetes.io/kube-apiserver-client", "clusters");
  }

  @Test
  void whoAsksIsWhatTheServerSaw() {
    var made = asAgent.create(CSRS, usual());
    var spec = Codec.decode(made, CertificateSigningRequest.class).spec();
    assertThat(spec.username()).isEqualTo("agent");
    assertThat(spec.uid()).isEqualTo("u1");
    assertThat(spec.groups()).containsExactly("boot", Caller.AUTHENTICATED);
    assertThat(spec.extra()).containsEntry("k", List.of("v"));
  }

  @Test
  void theWishNeverChanges() {
    var made = asAgent.create(CSRS, usual());
    var next =
        made.edit(tree -> tree.withObjectProperty("spec").put("signerName", "example.com/x"));
    assertThat(asAgent.update(CSRS, next, "")).isEqualTo(made);
  }

  @Test
  void aRequestMustBeOne() {
    var broken =
        usual()
            .edit(tree ->
                tree.withObjectProperty("spec")
                    .put("request", "bm9uc2Vuc2U=")
                    .put("signerName", "nodomain")
                    .put("expirationSeconds", 10)
                    .putArray("usages")
                    .add("world domination"));
    assertThat(refusal(() -> asAgent.create(CSRS, broken)).causes())
        .extracting(ApiError.Cause::field)
        .containsExactlyInAnyOrder(
            "spec.expirationSeconds", "spec.signerName", "spec.usages[0]", "spec.request");
  }

  @Test
  void nobodyAsksToBeMaster() {
    var greedy = csr("kubernetes.io/kube-apiserver-client", "system:masters");
    assertThat(refusal(() -> asAgent.create(CSRS, greedy)))
        .hasMessageContaining("with system:masters group is not allowed");
  }

  @Test
  void approvingNeedsTheSignersRight() {
    asAgent.create(CSRS, usual());
    var clerk = new LocalClient(server.api, Caller.of("clerk"));
    assertThat(refusal(() -> clerk.patch(CSRS, KEY, "approval", approved())))
        .hasMessage(
            "certificatesigningrequests.certificates.k8s.io \"east-1\" is forbidden: user not"
                + " permitted to approve requests with signerName"
                + " \"kubernetes.io/kube-apiserver-client\"");
    grant(
        "approve",
        "clerk",
        "{'apiGroups':['certificates.k8s.io'],'resources':['signers'],'resourceNames':['kubernetes.io/*'],'verbs':['approve']}");
    var done = clerk.patch(CSRS, KEY, "approval", approved());
    assertThat(Codec.decode(done, CertificateSigningRequest.class).is("Approved")).isTrue();
    assertThat(done.at("/status/conditions/0/lastTransitionTime").asString())
        .startsWith("2026-01-01T");
    assertThat(refusal(() -> clerk.patch(CSRS, KEY, "status", certificate("QQ=="))))
        .hasMessageContaining("user not permitted to sign requests with signerName");
  }

  private static io.nave.api.Patch approved() {
    return merge(
        """
        {'status':{'certificate':'c25lYWt5','conditions':[
         {'type':'Approved','status':'True','reason':'Test'},
         {'type':'Other','status':'True','reason':'Test'}]}}\
        """);
  }

  private static io.nave.api.Patch certificate(String text) {
    return merge("{'status':{'certificate':'%s'}}".formatted(text));
  }

  @Test
  void approvalDecidesAndStatusAnswers() {
    asAgent.create(CSRS, usual());
    assertThat(cells()).containsExactly("60m", "Pending");
    var decided = server.client.patch(CSRS, KEY, "approval", approved());
    assertThat(decided.at("/status/conditions").size()).as("decisions only").isEqualTo(1);
    assertThat(decided.at("/status").has("certificate")).isFalse();
    assertThat(cells()).containsExactly("60m", "Approved");
    var sneaky =
        merge("{'status':{'certificate':'QQ==','conditions':[{'type':'Denied','status':'True'}]}}");
    var answered = server.client.patch(CSRS, KEY, "status", sneaky);
    assertThat(answered.at("/status/certificate").asString()).isEqualTo("QQ==");
    assertThat(answered.at("/status/conditions").size()).isEqualTo(1);
    assertThat(answered.at("/status/conditions/0/type").asString()).isEqualTo("Approved");
    assertThat(cells()).containsExactly("60m", "Approved,Issued");
    assertThat(refusal(() -> server.client.patch(CSRS, KEY, "status", certificate("Qg=="))))
        .hasMessageContaining("status.certificate: Forbidden");
  }

  private List<Object> cells() {
    return server.api.columns(CSRS).orElseThrow().cells(server.client.get(CSRS, KEY));
  }

  @Test
  void aDecisionStays() {
    asAgent.create(CSRS, usual());
    server.client.patch(CSRS, KEY, "approval", approved());
    var none = merge("{'status':{'conditions':[]}}");
    assertThat(refusal(() -> server.client.patch(CSRS, KEY, "approval", none)))
        .hasMessageContaining("updates may not remove a condition of type \"Approved\"");
    var both =
        merge(
            """
            {'status':{'conditions':[{'type':'Approved','status':'True'},
             {'type':'Denied','status':'True'}]}}\
            """);
    assertThat(refusal(() -> server.client.patch(CSRS, KEY, "approval", both)))
        .hasMessageContaining("mutually exclusive");
  }

  @Test
  void aRequestCannotBeBornDecided() {
    var decided =
        usual().edit(tree -> tree.set("status", approved().body().get("status").deepCopy()));
    assertThat(
            server
                .api
                .create(ADMIN, CSRS, decided, "", Api.Options.DEFAULT)
                .object()
                .json()
                .has("status"))
        .isFalse();
  }
}
