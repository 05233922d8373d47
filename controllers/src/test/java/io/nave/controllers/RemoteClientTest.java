package io.nave.controllers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.LabelSelector;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.controllers.ApiClient.Write;
import io.nave.runtime.sim.SimWorld;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RemoteClientTest {
  private static final ResourceType SECRETS = ResourceType.of("", "v1", "Secret", "secrets", true);
  private static final ResourceType WORKS =
      ResourceType.of(
          "work.open-cluster-management.io", "v1", "ManifestWork", "manifestworks", true);
  private static final ResourceType ROLES =
      ResourceType.of("rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles", false);

  private final SimWorld world = new SimWorld(1);
  private final ScriptedTransport wire = new ScriptedTransport();
  private final RemoteClient client = new RemoteClient(world.host("hub"), wire, "nave-test");

  @Test
  void namesOneObjectOfTheCoreGroup() {
    wire.answer(200, "{\"kind\":\"Secret\",\"metadata\":{\"name\":\"a\"}}");
    var found = client.get(SECRETS, Key.of("default", "a"));
    assertThat(found.name()).isEqualTo("a");
    assertThat(wire.last()).hasToString("GET /api/v1/namespaces/default/secrets/a");
    assertThat(wire.last().headers())
        .containsEntry("accept", "application/json")
        .containsEntry("user-agent", "nave-test")
        .doesNotContainKey("content-type");
  }

  @Test
  void escapesNamesInPaths() {
    wire.answer(200, "{}");
    client.get(ROLES, Key.of("system:a b?ü+#"));
    assertThat(wire.last())
        .hasToString(
            "GET /apis/rbac.authorization.k8s.io/v1/clusterroles/system:a%20b%3F%C3%BC%2B%23");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a/b", "a%2fb"})
  void refusesNamesThatWouldMeanAnotherPath(String name) {
    assertThatThrownBy(() -> client.delete(SECRETS, Key.of("default", name), null))
        .isInstanceOfSatisfying(
            ApiError.class, e -> assertThat(e.reason()).isEqualTo(ApiError.Reason.BAD_REQUEST))
        .hasMessageContaining("metadata.name");
    assertThatThrownBy(() -> client.get(SECRETS, Key.of(name, "a"))).isInstanceOf(ApiError.class);
    assertThat(wire.requests).isEmpty();
  }

  @Test
  void createsInTheCollectionOfTheNamespace() {
    wire.answer(201, "{\"kind\":\"Secret\",\"metadata\":{\"name\":\"a\",\"uid\":\"1\"}}");
    var stored = client.create(SECRETS, ApiObject.named(SECRETS, "default", "a"));
    assertThat(stored.uid()).isEqualTo("1");
    assertThat(wire.last()).hasToString("POST /api/v1/namespaces/default/secrets");
    assertThat(wire.last().headers()).containsEntry("content-type", "application/json");
    assertThat(Json.parse(wire.lastBody()))
        .isEqualTo(ApiObject.named(SECRETS, "default", "a").json());
  }

  @Test
  void refusesToCreateWithoutANamespaceWhatLivesInOne() {
    assertThatThrownBy(() -> client.create(SECRETS, ApiObject.named(SECRETS, "", "a")))
        .hasMessage("metadata.namespace: secrets live in a namespace, none was given");
  }

  @Test
  void updatesObjectsOfClusterScopeAndSubresources() {
    wire.answer(200, "{}").answer(200, "{}");
    client.update(ROLES, ApiObject.named(ROLES, "", "a"), "");
    assertThat(wire.last()).hasToString("PUT /apis/rbac.authorization.k8s.io/v1/clusterroles/a");
    client.update(WORKS, ApiObject.named(WORKS, "east", "a"), "status");
    assertThat(wire.last())
        .hasToString(
            "PUT /apis/work.open-cluster-management.io/v1/namespaces/east/manifestworks/a/status");
  }

  @Test
  void saysWhichFormAPatchHas() {
    wire.answer(200, "{}").answer(200, "{}");
    client.patch(SECRETS, Key.of("n", "a"), "status", Patch.merge(p -> p.put("x", 1)));
    assertThat(wire.last()).hasToString("PATCH /api/v1/namespaces/n/secrets/a/status");
    assertThat(wire.last().headers()).containsEntry("content-type", "application/merge-patch+json");
    assertThat(wire.lastBody()).isEqualTo("{\"x\":1}");
    client.patch(SECRETS, Key.of("n", "a"), "", new Patch(Patch.Form.APPLY, Json.object()));
    assertThat(wire.last())
        .hasToString("PATCH /api/v1/namespaces/n/secrets/a?fieldManager=nave-test&force=true");
    assertThat(wire.last().headers()).containsEntry("content-type", "application/apply-patch+yaml");
  }

  @Test
  void deletesInTheBackgroundAndOnlyTheObjectMeant() {
    wire.answer(200, "{\"kind\":\"Status\",\"status\":\"Success\"}").answer(200, "{}");
    client.delete(SECRETS, Key.of("n", "a"), "u1");
    assertThat(wire.last()).hasToString("DELETE /api/v1/namespaces/n/secrets/a");
    assertThat(Json.parse(wire.lastBody()))
        .isEqualTo(
            Json.parse(
                """
                {"apiVersion":"v1","kind":"DeleteOptions","preconditions":{"uid":"u1"},
                 "propagationPolicy":"Background"}\
                """));
    client.delete(SECRETS, Key.of("n", "a"), null);
    assertThat(wire.lastBody()).doesNotContain("preconditions");
  }

  @Test
  void refusalsKeepTheirReason() {
    wire.answer(
        409,
        "{\"kind\":\"Status\",\"reason\":\"AlreadyExists\",\"message\":\"it is there\",\"code\":409}");
    assertThatThrownBy(() -> client.create(SECRETS, ApiObject.named(SECRETS, "n", "a")))
        .isInstanceOfSatisfying(
            ApiError.class, e -> assertThat(e.reason()).isEqualTo(ApiError.Reason.ALREADY_EXISTS))
        .hasMessage("it is there");
    wire.answer(404, "not here");
    assertThat(client.find(SECRETS, Key.of("n", "a"))).isEmpty();
    wire.answer(302, Map.of("location", "https://elsewhere"), "");
    assertThatThrownBy(() -> client.get(SECRETS, Key.of("n", "a"))).isInstanceOf(ApiError.class);
  }

  @Test
  void aBareRetryAfterCounts() {
    wire.answer(429, Map.of("retry-after", "7"), "slow down");
    assertThatThrownBy(() -> client.get(SECRETS, Key.of("n", "a")))
        .isInstanceOfSatisfying(
            ApiError.class, e -> assertThat(e.retryAfterSeconds()).isEqualTo(7));
  }

  @Test
  void listsAllPagesOfOneRevision() {
    wire.answer(200, page("10", "tok/en=", "a", "b")).answer(200, page("10", "", "c"));
    var selection = new Selection(LabelSelector.parse("x in (a,b)"), Map.of("spec.f", "v"));
    var listing = client.list(SECRETS, "", selection);
    assertThat(listing.resourceVersion()).isEqualTo("10");
    assertThat(listing.items()).extracting(ApiObject::name).containsExactly("a", "b", "c");
    assertThat(listing.items()).allSatisfy(i -> assertThat(i.kind()).isEqualTo("Secret"));
    assertThat(listing.items()).allSatisfy(i -> assertThat(i.apiVersion()).isEqualTo("v1"));
    var query = "?labelSelector=x%20in%20%28a%2Cb%29&fieldSelector=spec.f%3Dv&limit=500";
    assertThat(wire.requests)
        .extracting(Object::toString)
        .containsExactly(
            "GET /api/v1/secrets" + query, "GET /api/v1/secrets" + query + "&continue=tok%2Fen%3D");
  }

  @Test
  void beginsAgainWhenAListExpiresHalfWay() {
    wire.answer(200, page("10", "t", "a"))
        .answer(410, "{\"kind\":\"Status\",\"reason\":\"Expired\",\"code\":410}")
        .answer(200, page("20", "u", "b"))
        .answer(200, page("20", "", "c"));
    var listing = client.list(SECRETS, "n", Selection.all());
    assertThat(listing.resourceVersion()).isEqualTo("20");
    assertThat(listing.items()).extracting(ApiObject::name).containsExactly("b", "c");
  }

  @Test
  void doesNotMixPagesOfTwoRevisions() {
    wire.answer(200, page("10", "t", "a"))
        .answer(200, page("11", "", "b"))
        .answer(200, page("12", "", "c"));
    assertThat(client.list(SECRETS, "n", Selection.all()).items())
        .extracting(ApiObject::name)
        .containsExactly("c");
  }

  @Test
  void listsInOnePieceWhenPagesKeepExpiring() {
    for (var i = 0; i < RemoteClient.PAGED_TRIES_MAX; i++) {
      wire.answer(200, page("10", "t", "a")).answer(410, "");
    }
    wire.answer(200, page("30", "", "z"));
    assertThat(client.list(SECRETS, "n", Selection.all()).resourceVersion()).isEqualTo("30");
    assertThat(wire.last()).hasToString("GET /api/v1/namespaces/n/secrets");
  }

  @Test
  void aSeriesEndsAtTheFirstRefusalAndForgivesDeletesOfNothing() {
    wire.answer(404, "{}").answer(201, "{\"metadata\":{\"name\":\"b\"}}").answer(403, "{}");
    var series =
        List.<Write>of(
            new Write.Delete(SECRETS, Key.of("n", "a"), null),
            new Write.Create(SECRETS, ApiObject.named(SECRETS, "n", "b")),
            new Write.Change(SECRETS, Key.of("n", "c"), "", Patch.merge(_ -> {})),
            new Write.Create(SECRETS, ApiObject.named(SECRETS, "n", "d")));
    assertThatThrownBy(() -> client.commit(series))
        .isInstanceOfSatisfying(
            ApiError.class, e -> assertThat(e.reason()).isEqualTo(ApiError.Reason.FORBIDDEN));
    assertThat(wire.requests).hasSize(3);
  }

  @Test
  void aSeriesReturnsWhatWasStored() {
    wire.answer(201, "{\"metadata\":{\"name\":\"b\"}}").answer(200, "{\"kind\":\"Secret\"}");
    var stored =
        client.commit(
            List.of(
                new Write.Create(SECRETS, ApiObject.named(SECRETS, "n", "b")),
                new Write.Delete(SECRETS, Key.of("n", "a"), "u")));
    assertThat(stored).hasSize(2).allMatch(Optional::isPresent);
  }

  @Test
  void aTokenGoesWithEveryRequestAndIsNotPrinted() {
    var identified = new TokenTransport(wire, "s3cret");
    wire.answer(200, "{}");
    new RemoteClient(world.host("hub"), identified, "x").get(ROLES, Key.of("a"));
    assertThat(wire.last().headers())
        .containsEntry("authorization", "Bearer s3cret")
        .containsEntry("user-agent", "x");
    assertThat(identified.toString() + wire.last()).doesNotContain("s3cret");
  }

  private static String page(String revision, String next, String... names) {
    var list = Json.object();
    list.put("kind", "SecretList").put("apiVersion", "v1");
    list.putObject("metadata").put("resourceVersion", revision).put("continue", next);
    var items = list.putArray("items");
    for (var name : names) {
      items.addObject().putObject("metadata").put("name", name).put("namespace", "n");
    }
    return Json.text(list);
  }
}
