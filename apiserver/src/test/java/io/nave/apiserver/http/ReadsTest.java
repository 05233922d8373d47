package io.nave.apiserver.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.controllers.ApiClient.Watch.Kind;
import io.nave.runtime.Service.Reply;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class ReadsTest {
  private static final String MAPS = "/api/v1/namespaces/east/configmaps";
  private static final String CLUSTERS =
      "/apis/cluster.open-cluster-management.io/v1/managedclusters";
  private static final String TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";

  private final Door door = new Door();

  @BeforeEach
  void fill() {
    for (var name : new String[] {"a", "b", "c"}) {
      door.api.put(FakeApi.CONFIG_MAPS, FakeApi.configMap("east", name));
    }
    door.api.put(FakeApi.CONFIG_MAPS, FakeApi.configMap("west", "d"));
  }

  private static ApiObject cluster() {
    var created = StillHost.START.minus(Duration.ofMinutes(5));
    return ApiObject.named(FakeApi.CLUSTERS, "", "east")
        .edit(json -> {
          json.putObject("spec").put("hubAcceptsClient", true);
          json.withObjectProperty("metadata").put("creationTimestamp", created.toString());
        });
  }

  @Test
  void anObjectIsSentAsItsBytes() {
    var stored = door.api.put(FakeApi.CONFIG_MAPS, FakeApi.configMap("east", "e"));
    var reply = (Reply.Full) door.get(MAPS + "/e");
    assertThat(reply.response().body()).isSameAs(stored.bytes());
    assertThat(reply.response().headers()).containsEntry("content-type", "application/json");
  }

  @Test
  void aListHoldsItsObjectsAndItsRevision() {
    var list = Door.json(door.get(MAPS));
    assertThat(list.path("kind").asString()).isEqualTo("ConfigMapList");
    assertThat(list.path("apiVersion").asString()).isEqualTo("v1");
    assertThat(list.at("/metadata/resourceVersion").asString()).isEqualTo("104");
    assertThat(list.path("items")).hasSize(3);
    assertThat(list.at("/items/2/metadata/name").asString()).isEqualTo("c");
    assertThat(Door.json(door.get("/api/v1/configmaps")).path("items")).hasSize(4);
  }

  @Test
  void anEmptyListIsAListStill() {
    assertThat(Door.json(door.get(CLUSTERS)).path("items").isArray()).isTrue();
  }

  @Test
  void aPageTellsHowToGoOn() {
    var list = Door.json(door.get(MAPS + "?limit=2"));
    assertThat(list.path("items")).hasSize(2);
    assertThat(list.at("/metadata/continue").asString()).isEqualTo("more");
    assertThat(list.at("/metadata/remainingItemCount").asInt()).isEqualTo(1);
  }

  @Test
  void aLongListComesInPieces() {
    for (var i = 0; i < 2_000; i++) {
      var map = FakeApi.configMap("long", "m" + i);
      door.api.put(
          FakeApi.CONFIG_MAPS, map.edit(json -> json.putObject("data").put("x", "y".repeat(100))));
    }
    var reply = door.get("/api/v1/namespaces/long/configmaps");
    assertThat(reply).isInstanceOf(Reply.Streaming.class);
    assertThat(Door.json(reply).path("items")).hasSize(2_000);
  }

  @Test
  void selectorsAreApplied() {
    var list = Door.json(door.get(MAPS + "?fieldSelector=metadata.name%3Db"));
    assertThat(list.path("items")).hasSize(1);
    assertThat(Door.status(door.get(MAPS + "?labelSelector=a%20b%20c"))).isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource({
    "?limit=x, 400",
    "?limit=-1, 200",
    "?resourceVersionMatch=Exact, 422",
    "?resourceVersionMatch=Exact&resourceVersion=0, 422",
    "?resourceVersionMatch=Newest&resourceVersion=5, 422",
    "?resourceVersionMatch=NotOlderThan&resourceVersion=5&continue=x, 422",
    "?sendInitialEvents=true, 422",
    "?resourceVersionMatch=Exact&resourceVersion=104, 200",
    "?resourceVersionMatch=NotOlderThan&resourceVersion=0, 200",
    "?watch=1&resourceVersionMatch=NotOlderThan, 422",
    "?watch=1&sendInitialEvents=true, 422",
    "?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&continue=x, 422",
    "?watch=1&timeoutSeconds=soon, 400",
    "?watch=false, 200",
    "?watch=0, 200",
  })
  void optionsAreCheckedAsKubernetesDoes(String query, int code) {
    assertThat(Door.status(door.get(MAPS + query))).isEqualTo(code);
  }

  /// The table of the API conventions: what `resourceVersion` means for a list.
  @ParameterizedTest
  @CsvSource({
    "'', false",
    "?resourceVersion=0, false",
    "?resourceVersion=104, false",
    "?limit=2, false",
    "?limit=2&resourceVersion=0, false",
    "?limit=2&resourceVersion=104, true",
    "?limit=2&resourceVersion=104&resourceVersionMatch=NotOlderThan, false",
    "?limit=2&resourceVersion=104&resourceVersionMatch=Exact, true",
    "?resourceVersion=104&resourceVersionMatch=Exact, true",
    "?limit=2&continue=x, false",
  })
  void aFirstPageAtARevisionShowsThatOne(String query, boolean exact) {
    assertThat(Door.status(door.get(MAPS + query))).isEqualTo(200);
    assertThat(door.api.paged.exact()).isEqualTo(exact);
  }

  @Test
  void aTableHasNameAndColumns() {
    door.api.put(FakeApi.CLUSTERS, cluster());
    var table = Door.json(door.get(CLUSTERS, TABLE + ",application/json"));
    assertThat(table.path("kind").asString()).isEqualTo("Table");
    assertThat(table.path("apiVersion").asString()).isEqualTo("meta.k8s.io/v1");
    assertThat(table.at("/metadata/resourceVersion").asString()).isEqualTo("105");
    assertThat(table.path("columnDefinitions"))
        .extracting(c -> c.path("name").asString() + ":" + c.path("type").asString())
        .containsExactly("Name:string", "Accepted:boolean", "Lease:integer");
    assertThat(table.at("/rows/0/cells").toString()).isEqualTo("[\"east\",true,null]");
    assertThat(table.at("/rows/0/object/kind").asString()).isEqualTo("PartialObjectMetadata");
    assertThat(table.at("/rows/0/object/metadata/uid").asString()).isEqualTo("uid-east");
    assertThat(table.at("/rows/0/object/spec").isMissingNode()).isTrue();
  }

  @Test
  void aKindMayPlaceItsNameItself() {
    var type =
        io.nave.api.ResourceType.of("", "v1", "Event", "events", true)
            .withColumns(
                new io.nave.api.ResourceType.Column("Reason", "string", ".reason", 0),
                new io.nave.api.ResourceType.Column("Name", "string", "", 1));
    var event = FakeApi.configMap("east", "e").edit(json -> json.put("reason", "R"));
    var tables = new Tables(type, o -> java.util.List.of(o.name()), "v1", "None", door.host);
    var table = tables.one(event, true);
    assertThat(table.at("/rows/0/cells").toString()).isEqualTo("[\"R\",\"e\"]");
    assertThat(table.at("/columnDefinitions/1/format").asString()).isEqualTo("name");
    assertThat(table.at("/columnDefinitions/1/priority").asInt()).isEqualTo(1);
  }

  @Test
  void cellsWithoutAPathAreComputed() {
    var two =
        FakeApi.configMap("t", "two").edit(j -> j.putObject("data").put("a", "1").put("b", "2"));
    door.api.put(FakeApi.CONFIG_MAPS, two);
    var table = Door.json(door.get("/api/v1/namespaces/t/configmaps", TABLE));
    assertThat(table.at("/rows/0/cells").toString()).isEqualTo("[\"two\",2]");
  }

  @Test
  void aTableOfATypeWithoutColumnsShowsTheAge() {
    var table = Door.json(door.get("/api/v1/namespaces", TABLE));
    assertThat(table.path("columnDefinitions"))
        .extracting(c -> c.path("name").asString())
        .containsExactly("Name", "Age");
  }

  @Test
  void aTableCarriesWhatIsAskedFor() {
    door.api.put(FakeApi.CLUSTERS, cluster());
    var whole = Door.json(door.get(CLUSTERS + "/east?includeObject=Object", TABLE));
    assertThat(whole.at("/rows/0/object/spec/hubAcceptsClient").asBoolean()).isTrue();
    var none = Door.json(door.get(CLUSTERS + "/east?includeObject=None", TABLE));
    assertThat(none.at("/rows/0/object").isNull()).isTrue();
    assertThat(Door.status(door.get(CLUSTERS + "?includeObject=Some", TABLE))).isEqualTo(400);
  }

  @Test
  void metadataComesAlone() {
    var form = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
    var list = Door.json(door.get(MAPS, form));
    assertThat(list.path("kind").asString()).isEqualTo("PartialObjectMetadataList");
    assertThat(list.at("/items/0/kind").asString()).isEqualTo("PartialObjectMetadata");
    var one = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";
    var map = Door.json(door.get(MAPS + "/a", one));
    assertThat(map.path("apiVersion").asString()).isEqualTo("meta.k8s.io/v1");
    assertThat(map.at("/metadata/name").asString()).isEqualTo("a");
  }

  private Reply.Streaming watch(String query, String accept) {
    return (Reply.Streaming) door.get(MAPS + query, accept);
  }

  private FakeApi.FakeWatch opened() {
    return door.api.watches.getLast();
  }

  private static JsonNode[] frames(Reply.Streaming reply) {
    return Door.drain(reply.feed()).lines().map(Json::parse).toArray(JsonNode[]::new);
  }

  @Test
  void watchOptionsReachTheApi() {
    watch(
        "?watch=true&fieldSelector=metadata.name%3Da&resourceVersion=7&allowWatchBookmarks=true",
        "");
    var asked = door.api.asked.getLast();
    assertThat(asked.detail()).isEqualTo("7 initial=false bookmarks=true");
    assertThat(asked.subresource()).isEqualTo("metadata.name=a");
    watch("?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan", "");
    assertThat(door.api.asked.getLast().detail()).isEqualTo(" initial=true bookmarks=false");
    watch("?watch=1&sendInitialEvents=false&resourceVersionMatch=NotOlderThan", "");
    assertThat(door.api.asked.getLast().detail()).isEqualTo("104 initial=false bookmarks=false");
  }

  @Test
  void eventsThatWaitTogetherComeInOnePieceALineEach() {
    var reply = watch("?watch=true", "");
    var a = FakeApi.configMap("east", "a");
    opened().send(Kind.ADDED, a);
    opened().send(Kind.DELETED, a);
    var piece = new String(reply.feed().next(Duration.ofSeconds(10)));
    assertThat(piece)
        .isEqualTo(
            "{\"type\":\"ADDED\",\"object\":"
                + Json.text(a.json())
                + "}\n"
                + "{\"type\":\"DELETED\",\"object\":"
                + Json.text(a.json())
                + "}\n");
    assertThat(reply.feed().ended()).isFalse();
  }

  @Test
  void bookmarksCarryTheirKind() {
    var reply = watch("?watch=true", "");
    var empty = Json.object();
    empty.putObject("metadata").put("resourceVersion", "9");
    opened().send(Kind.BOOKMARK, ApiObject.of(empty));
    opened().end();
    var frame = frames(reply)[0];
    assertThat(frame.path("type").asString()).isEqualTo("BOOKMARK");
    assertThat(frame.at("/object/kind").asString()).isEqualTo("ConfigMap");
    assertThat(frame.at("/object/metadata/resourceVersion").asString()).isEqualTo("9");
  }

  @Test
  void aWatchThatFailsSaysSoInItsLastFrame() {
    var reply = watch("?watch=true", "");
    opened().send(Kind.ADDED, FakeApi.configMap("east", "a"));
    opened().fail(ApiError.expired("too old resource version: 5 (90)"));
    var frames = frames(reply);
    assertThat(frames).hasSize(2);
    assertThat(frames[1].path("type").asString()).isEqualTo("ERROR");
    assertThat(frames[1].at("/object/code").asInt()).isEqualTo(410);
    assertThat(frames[1].at("/object/reason").asString()).isEqualTo("Expired");
    assertThat(opened().closed).isTrue();
  }

  @Test
  void aWatchedTableDescribesItsColumnsOnce() {
    var reply = watch("?watch=true", TABLE);
    opened().send(Kind.ADDED, FakeApi.configMap("east", "a"));
    opened().send(Kind.MODIFIED, FakeApi.configMap("east", "a"));
    opened().end();
    var frames = frames(reply);
    assertThat(frames[0].at("/object/kind").asString()).isEqualTo("Table");
    assertThat(frames[0].at("/object/columnDefinitions")).hasSize(2);
    assertThat(frames[1].at("/object/columnDefinitions")).isEmpty();
    assertThat(frames[1].at("/object/rows/0/cells/0").asString()).isEqualTo("a");
  }

  @Test
  void aWatchEndsWhenItsTimeIsOver() {
    var reply = watch("?watch=true&timeoutSeconds=60", "");
    assertThat(reply.feed().next(Duration.ofMillis(1))).isNull();
    assertThat(reply.feed().ended()).isFalse();
    door.host.pass(Duration.ofSeconds(60));
    assertThat(reply.feed().next(Duration.ofSeconds(10))).isNull();
    assertThat(reply.feed().ended()).isTrue();
  }

  @Test
  void aWatchWithoutATimeEndsWithinAnHour() {
    var reply = watch("?watch=true", "");
    door.host.pass(Duration.ofMinutes(29));
    assertThat(reply.feed().next(Duration.ofMillis(1))).isNull();
    assertThat(reply.feed().ended()).isFalse();
    door.host.pass(Duration.ofMinutes(31));
    reply.feed().next(Duration.ofMillis(1));
    assertThat(reply.feed().ended()).isTrue();
  }

  @Test
  void watchesAreBoundedAndClosingOneMakesRoom() {
    var first = watch("?watch=true", "");
    watch("?watch=true", "");
    watch("?watch=true", "");
    var refused = door.get(MAPS + "?watch=true");
    assertThat(Door.status(refused)).isEqualTo(429);
    assertThat(Door.headers(refused)).containsEntry("retry-after", "5");
    first.feed().close();
    first.feed().close();
    watch("?watch=true", "");
    assertThat(Door.status(door.get(MAPS + "?watch=true"))).isEqualTo(429);
  }
}
