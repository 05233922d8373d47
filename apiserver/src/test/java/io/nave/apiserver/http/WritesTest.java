package io.nave.apiserver.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import io.nave.apiserver.Api;
import io.nave.runtime.Service.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WritesTest {
  private static final String MAPS = "/api/v1/namespaces/east/configmaps";

  private final Door door = new Door();

  @BeforeEach
  void fill() {
    door.api.put(FakeApi.CONFIG_MAPS, FakeApi.configMap("east", "a"));
  }

  @Test
  void whatIsCreatedGetsItsPlaceFromThePath() {
    var reply = door.send("POST", MAPS, "{\"metadata\":{\"name\":\"new\"}}");
    assertThat(Door.status(reply)).isEqualTo(201);
    var created = Door.json(reply);
    assertThat(created.path("kind").asString()).isEqualTo("ConfigMap");
    assertThat(created.path("apiVersion").asString()).isEqualTo("v1");
    assertThat(created.at("/metadata/namespace").asString()).isEqualTo("east");
    assertThat(door.api.asked.getLast().detail()).isEqualTo("east/new");
  }

  @Test
  void yamlIsTakenToo() {
    var body = "kind: ConfigMap\napiVersion: v1\nmetadata: {name: y}\n";
    var reply = door.ask("POST", MAPS, Map.of("content-type", "application/yaml"), body);
    assertThat(Door.status(reply)).isEqualTo(201);
  }

  @Test
  void whatIsThereAlreadyIsAConflict() {
    var reply = door.send("POST", MAPS, "{\"metadata\":{\"name\":\"a\"}}");
    assertThat(Door.status(reply)).isEqualTo(409);
    assertThat(Door.json(reply).path("reason").asString()).isEqualTo("AlreadyExists");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POST |    | {'metadata':{'name':'b','namespace':'west'}} | 400 | the namespace of the"
            + " provided object does not match the namespace sent on the request",
        "POST |    | {'kind':'Secret','metadata':{'name':'b'}} | 400 | the kind in the data (Secret)"
            + " does not match the expected kind (ConfigMap)",
        "POST |    | {'apiVersion':'v2'} | 400 | the API version in the data (v2) does not match"
            + " the expected API version (v1)",
        "POST |    | {'metadata':'b'} | 400 | metadata: expected an object, found STRING",
        "POST |    | [1] | 400 | the body must be a JSON object",
        "POST |    | '' | 400 | the request must carry an object, its body was empty",
        "PUT  | /a | {'metadata':{'name':'b'}} | 400 | the name of the object (b) does not match the"
            + " name on the URL (a)",
        "PUT  | /a | {'metadata':{'name':'a','namespace':'w'}} | 400 | the namespace of the object"
            + " (w) does not match the namespace on the request (east)",
        "PUT  | /a | {'metadata':{}} | 400 | the name of the object (a based on URL) was"
            + " undeterminable: name must be provided",
      },
      quoteCharacter = '`')
  void bodiesMustFitTheirPath(String method, String name, String body, int code, String message) {
    var json = "''".equals(body) ? "" : body.replace('\'', '"');
    var reply = door.send(method, MAPS + (name == null ? "" : name), json);
    assertThat(Door.status(reply)).isEqualTo(code);
    assertThat(Door.message(reply)).isEqualTo(message);
  }

  @ParameterizedTest
  @CsvSource({
    "POST, '', application/vnd.kubernetes.protobuf, 400",
    "PATCH, /a, application/vnd.kubernetes.protobuf, 415",
    "POST, '', text/plain, 415",
    "PATCH, /a, application/json, 415",
    "PATCH, /a, application/merge-patch+json, 200",
    "PATCH, /a, application/strategic-merge-patch+json; charset=utf-8, 200",
    "PATCH, /a?fieldManager=m, application/apply-patch+yaml, 200",
    "PATCH, /a, application/apply-patch+yaml, 422",
  })
  void bodiesAreReadByTheirType(String method, String path, String type, int code) {
    var reply = door.ask(method, MAPS + path, Map.of("content-type", type), "{\"data\":{}}");
    assertThat(Door.status(reply)).isEqualTo(code);
  }

  @Test
  void aBodyBeyondTheLimitIsRefused() {
    var body = new byte[Bodies.BYTES_MAX + 1];
    var headers = Map.of("authorization", "Bearer admin-token");
    var reply = door.raw("POST", MAPS, headers, body);
    assertThat(Door.status(reply)).isEqualTo(413);
    assertThat(Door.json(reply).path("reason").asString()).isEqualTo("RequestEntityTooLarge");
  }

  @ParameterizedTest
  @CsvSource({
    "'', false, Warn, curl",
    "?dryRun=All, true, Warn, curl",
    "?fieldValidation=Strict&fieldManager=me, false, Strict, me",
  })
  void optionsReachTheApi(String query, boolean dryRun, String validation, String manager) {
    var headers = Map.of("content-type", "application/json", "user-agent", "curl/8.0 (x)");
    door.ask("POST", MAPS + query, headers, "{\"metadata\":{\"name\":\"o\"}}");
    var options = door.api.asked.getLast().options();
    assertThat(options.dryRun()).isEqualTo(dryRun);
    assertThat(options.fieldValidation()).isEqualTo(validation);
    assertThat(options.fieldManager()).isEqualTo(manager);
  }

  @ParameterizedTest
  @CsvSource({"?dryRun=Some", "?fieldValidation=Loose"})
  void unknownOptionsAreInvalid(String query) {
    var reply = door.send("POST", MAPS + query, "{\"metadata\":{\"name\":\"o\"}}");
    assertThat(Door.status(reply)).isEqualTo(422);
    assertThat(Door.message(reply)).startsWith("CreateOptions.meta.k8s.io \"\" is invalid: ");
  }

  @ParameterizedTest
  @CsvSource({
    "POST, '', Warn, 201",
    "POST, '', Strict, 400",
    "POST, '', Ignore, 201",
    "PUT, /a, Warn, 200",
    "PUT, /a, Strict, 400",
    "PATCH, /a, Warn, 200",
    "PATCH, /a, Strict, 400",
  })
  void aFieldThatStandsTwiceIsToldOrRefused(String method, String path, String how, int code) {
    var name = path.isEmpty() ? "twice" : "a";
    var body =
        "{\"metadata\":{\"name\":\"%s\"},\"data\":{\"k\":\"1\",\"l\":[{},{\"m\":1,\"m\":2}],\"k\":\"2\"}}"
            .formatted(name);
    var type = method.equals("PATCH") ? "application/merge-patch+json" : "application/json";
    var query = path + "?fieldValidation=" + how;
    var reply = door.ask(method, MAPS + query, Map.of("content-type", type), body);
    assertThat(Door.status(reply)).isEqualTo(code);
    if (code == 400) {
      assertThat(Door.message(reply))
          .isEqualTo(
              "ConfigMap in version \"v1\" cannot be handled as a ConfigMap: strict decoding error:"
                  + " duplicate field \"data.l[1].m\", duplicate field \"data.k\"");
      assertThat(door.api.asked).isEmpty();
    } else {
      assertThat(Door.json(reply).at("/data/k").asString()).as("the last one").isEqualTo("2");
      assertThat(Door.headers(reply).getOrDefault("warning", ""))
          .isEqualTo(
              how.equals("Ignore")
                  ? ""
                  : "299 - \"duplicate field \\\"data.l[1].m\\\"\", 299 - \"duplicate field"
                      + " \\\"data.k\\\"\"");
    }
  }

  @Test
  void optionsOfADeleteSayNothingTwice() {
    var reply = door.send("DELETE", MAPS + "/a", "{\"dryRun\":[\"All\"],\"dryRun\":[]}");
    assertThat(Door.status(reply)).isEqualTo(400);
    assertThat(door.api.asked).isEmpty();
  }

  @Test
  void warningsComeAsHeaders() {
    door.api.warnings.add("unknown field \"spec.x\"");
    door.api.warnings.add("two\nlines");
    var reply = door.send("POST", MAPS, "{\"metadata\":{\"name\":\"w\"}}");
    assertThat(Door.headers(reply))
        .containsEntry("warning", "299 - \"unknown field \\\"spec.x\\\"\", 299 - \"two lines\"");
  }

  @Test
  void deletingAnswersWithAStatusWhenItIsGone() {
    var status = Door.json(door.ask("DELETE", MAPS + "/a", Map.of(), ""));
    assertThat(status.path("kind").asString()).isEqualTo("Status");
    assertThat(status.path("status").asString()).isEqualTo("Success");
    assertThat(status.at("/details/name").asString()).isEqualTo("a");
    assertThat(status.at("/details/kind").asString()).isEqualTo("configmaps");
    assertThat(status.at("/details/uid").asString()).isEqualTo("uid-a");
  }

  @Test
  void deletingAnswersWithTheObjectWhileItIsHeld() {
    var held =
        FakeApi.configMap("east", "held")
            .editMeta(meta -> meta.putArray("finalizers").add("example.com/x"));
    door.api.put(FakeApi.CONFIG_MAPS, held);
    var answer = Door.json(door.ask("DELETE", MAPS + "/held", Map.of(), ""));
    assertThat(answer.path("kind").asString()).isEqualTo("ConfigMap");
    assertThat(answer.at("/metadata/deletionTimestamp").asString()).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({"'', 200", "?orphanDependents=false, 202", "?propagationPolicy=Foreground, 200"})
  void whoSaysNotToOrphanIsToldThatItIsStillThere(String query, int code) {
    var held =
        FakeApi.configMap("east", "held")
            .editMeta(meta -> meta.putArray("finalizers").add("example.com/x"));
    door.api.put(FakeApi.CONFIG_MAPS, held);
    assertThat(Door.status(door.ask("DELETE", MAPS + "/held" + query, Map.of(), "")))
        .isEqualTo(code);
  }

  @Test
  void aPageOfACollectionIsDeleted() {
    for (var name : new String[] {"b", "c"}) {
      door.api.put(FakeApi.CONFIG_MAPS, FakeApi.configMap("east", name));
    }
    var answer = Door.json(door.ask("DELETE", MAPS + "?limit=2", Map.of(), ""));
    assertThat(answer.path("kind").asString()).isEqualTo("ConfigMapList");
    assertThat(answer.path("items")).hasSize(2);
    assertThat(answer.at("/metadata/continue").asString()).isEqualTo("more");
    assertThat(Door.json(door.get(MAPS)).path("items")).hasSize(1);
    var unclear = door.ask("DELETE", MAPS + "?resourceVersionMatch=Exact", Map.of(), "");
    assertThat(Door.status(unclear)).isEqualTo(422);
    assertThat(Door.json(door.get(MAPS)).path("items")).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"POST, '', new", "PUT, /a, a", "PATCH, /a, a"})
  void whatIsWrittenIsAnsweredInTheFormAskedFor(String method, String path, String name) {
    var body = "{\"metadata\":{\"name\":\"" + name + "\"},\"data\":{\"k\":\"v\"}}";
    var type = method.equals("PATCH") ? "application/merge-patch+json" : "application/json";
    var metadata = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io";
    var headers = Map.of("content-type", type, "accept", metadata);
    var partial = Door.json(door.ask(method, MAPS + path, headers, body));
    assertThat(partial.path("kind").asString()).isEqualTo("PartialObjectMetadata");
    assertThat(partial.at("/metadata/name").asString()).isEqualTo(name);
    assertThat(partial.has("data")).isFalse();
  }

  @Test
  void deletedCollectionsAndHeldObjectsComeInTheFormAskedFor() {
    var table = Map.of("accept", "application/json;as=Table;v=v1;g=meta.k8s.io");
    var gone = Door.json(door.ask("DELETE", MAPS, table, ""));
    assertThat(gone.path("kind").asString()).isEqualTo("Table");
    assertThat(gone.at("/rows/0/cells/0").asString()).isEqualTo("a");
    door.api.put(FakeApi.CONFIG_MAPS, FakeApi.configMap("east", "b"));
    var status = Door.json(door.ask("DELETE", MAPS + "/b", table, ""));
    assertThat(status.path("kind").asString()).isEqualTo("Status");
  }

  @Test
  void deleteOptionsAreRead() {
    var body =
        "{\"kind\":\"DeleteOptions\",\"apiVersion\":\"v1\",\"propagationPolicy\":\"Background\","
            + "\"dryRun\":[\"All\"],\"preconditions\":{\"uid\":\"uid-a\"}}";
    door.send("DELETE", MAPS + "/a", body);
    var asked = door.api.asked.getLast();
    assertThat(asked.options().dryRun()).isTrue();
    assertThat(asked.detail()).isEqualTo("Preconditions[uid=uid-a, resourceVersion=null]");
  }

  @Test
  void whatMustHoldForADeleteMustHoldForEachOfACollection() {
    door.send("DELETE", MAPS, "{\"preconditions\":{\"uid\":\"uid-a\",\"resourceVersion\":\"7\"}}");
    var asked = door.api.asked.getLast();
    assertThat(asked.verb()).isEqualTo("deletecollection");
    assertThat(asked.detail()).isEqualTo("Preconditions[uid=uid-a, resourceVersion=7]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "                            |                                   | UNSAID",
        "?propagationPolicy=Orphan   |                                   | ORPHAN",
        "                            | {'propagationPolicy':'Foreground'} | FOREGROUND",
        "                            | {'propagationPolicy':'Background'} | BACKGROUND",
        "                            | {'orphanDependents':true}         | ORPHAN",
        "                            | {'orphanDependents':false}        | BACKGROUND",
        "?orphanDependents=true      |                                   | ORPHAN",
        "?orphanDependents=false     |                                   | BACKGROUND",
      },
      quoteCharacter = '`')
  void whatBecomesOfDependentsReachesTheApi(
      String query, String body, Api.Propagation propagation) {
    var target = MAPS + "/a" + (query == null ? "" : query);
    door.send("DELETE", target, body == null ? "" : body.replace('\'', '"'));
    assertThat(door.api.asked.getLast().options().propagation()).isEqualTo(propagation);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"propagationPolicy\":\"Sideways\"}",
        "{\"propagationPolicy\":\"Orphan\",\"orphanDependents\":true}"
      })
  void anUnclearPropagationIsInvalid(String body) {
    var reply = door.send("DELETE", MAPS + "/a", body);
    assertThat(Door.status(reply)).isEqualTo(422);
    assertThat(Door.message(reply)).contains("DeleteOptions", "propagationPolicy");
    assertThat(door.api.asked).isEmpty();
  }

  @Test
  void anotherKindIsNoDeleteOptions() {
    var reply = door.send("DELETE", MAPS + "/a", "{\"kind\":\"ConfigMap\"}");
    assertThat(Door.status(reply)).isEqualTo(400);
    assertThat(Door.message(reply)).contains("must be a DeleteOptions, found a ConfigMap");
    assertThat(door.api.asked).isEmpty();
  }

  private Reply protobuf(String method, String target, String accept, String frame)
      throws IOException {
    var headers =
        Map.of(
            "authorization",
            "Bearer admin-token",
            "content-type",
            "application/vnd.kubernetes.protobuf",
            "accept",
            accept);
    var folder = Path.of("src/test/resources/io/nave/apiserver/protobuf");
    return door.raw(method, target, headers, Files.readAllBytes(folder.resolve(frame)));
  }

  @Test
  void protobufIsReadAndAnsweredInJson() throws IOException {
    var accept = "application/vnd.kubernetes.protobuf,application/json";
    var maps = "/api/v1/namespaces/n132/configmaps";
    var reply = protobuf("POST", maps, accept, "configmap.pb");
    assertThat(Door.status(reply)).isEqualTo(201);
    assertThat(Door.headers(reply)).containsEntry("content-type", "application/json");
    assertThat(Door.json(reply).at("/data/a").asString()).isEqualTo("b");
    var gone = protobuf("DELETE", maps + "/settings", accept, "deleteoptions.pb");
    assertThat(Door.status(gone)).isEqualTo(200);
    assertThat(door.api.asked.getLast().detail())
        .contains("uid=1d07fd62-4028-45f3-9ac4-4e8221ce00f1");
  }

  @Test
  void whoTakesOnlyProtobufLearnsItBeforeAnythingIsDone() throws IOException {
    var reply =
        protobuf(
            "POST",
            "/api/v1/namespaces/n132/configmaps",
            "application/vnd.kubernetes.protobuf",
            "configmap.pb");
    assertThat(Door.status(reply)).isEqualTo(406);
    assertThat(door.api.asked).isEmpty();
  }

  @Test
  void aFrameOfAnotherKindIsRefused() throws IOException {
    var reply = protobuf("POST", MAPS, "*/*", "lease.pb");
    assertThat(Door.status(reply)).isEqualTo(400);
    assertThat(Door.message(reply)).contains("coordination.k8s.io/v1", "expected API version (v1)");
  }

  @Test
  void theStatusIsWrittenApart() {
    var path = "/apis/apps/v1/namespaces/east/deployments/web";
    door.api.put(FakeApi.DEPLOYMENTS, ApiObject.named(FakeApi.DEPLOYMENTS, "east", "web"));
    var body = "{\"metadata\":{\"name\":\"web\"},\"status\":{\"replicas\":1}}";
    assertThat(Door.status(door.send("PUT", path + "/status", body))).isEqualTo(200);
    assertThat(door.api.asked.getLast().subresource()).isEqualTo("status");
  }

  @Test
  void theCallerReachesTheApi() {
    door.send("POST", MAPS, "{\"metadata\":{\"name\":\"mine\"}}");
    assertThat(door.api.asked.getLast().caller().user()).isEqualTo("admin");
    assertThat(door.api.asked.getLast().caller().groups()).contains("system:authenticated");
  }

  @Test
  void namesOutsideAsciiSurvive() {
    var body = "{\"metadata\":{\"name\":\"n\"},\"data\":{\"k\":\"größe\"}}";
    var reply =
        door.raw(
            "POST",
            MAPS,
            Map.of("authorization", "Bearer admin-token", "content-type", "application/json"),
            body.getBytes(StandardCharsets.UTF_8));
    assertThat(Door.json(reply).at("/data/k").asString()).isEqualTo("größe");
  }
}
