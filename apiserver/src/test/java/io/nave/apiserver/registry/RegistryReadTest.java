package io.nave.apiserver.registry;

import static io.nave.apiserver.TestServer.ADMIN;
import static io.nave.apiserver.TestServer.WIDGETS;
import static io.nave.apiserver.TestServer.inDefault;
import static io.nave.apiserver.TestServer.refusal;
import static io.nave.apiserver.TestServer.widget;
import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiError.Reason;
import io.nave.api.ApiObject;
import io.nave.api.Selection;
import io.nave.apiserver.Api;
import io.nave.apiserver.TestServer;
import io.nave.controllers.ApiClient.Watch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class RegistryReadTest {
  private static final Selection GREEN = Selection.labelled("go", "green");
  private final TestServer server = TestServer.start();

  @AfterEach
  void close() {
    server.close();
  }

  private void createMany(int count) {
    for (var i = 0; i < count; i++) {
      server.create(widget("w%02d".formatted(i), i));
    }
  }

  private Api.Page page(int limit, String next) {
    return server.api.list(ADMIN, WIDGETS, "default", Selection.all(), new Api.Paging(limit, next));
  }

  @Test
  void pagesOfAListShowOneRevision() {
    createMany(5);
    var first = page(2, "");
    assertThat(first.items()).extracting(ApiObject::name).containsExactly("w00", "w01");
    assertThat(first.remaining()).isEqualTo(3);
    server.create(widget("w02b", 1));
    server.client.delete(WIDGETS, inDefault("w03"), null);
    var second = page(2, first.next());
    assertThat(second.items()).extracting(ApiObject::name).containsExactly("w02", "w03");
    assertThat(second.remaining()).isEqualTo(1);
    assertThat(second.resourceVersion()).isEqualTo(first.resourceVersion());
    var last = page(2, second.next());
    assertThat(last.items()).extracting(ApiObject::name).containsExactly("w04");
    assertThat(last.next()).isEmpty();
    assertThat(page(6, "").next()).as("exactly one page").isEmpty();
  }

  @Test
  void aPageOfASelectionIsFilledFromAllThatIsThere() {
    createMany(9);
    for (var name : List.of("w01", "w05", "w08")) {
      server.patch(name, "", "{'metadata':{'labels':{'go':'green'}}}");
    }
    var first = server.api.list(ADMIN, WIDGETS, "", GREEN, new Api.Paging(2, ""));
    assertThat(first.items()).extracting(ApiObject::name).containsExactly("w01", "w05");
    var last = server.api.list(ADMIN, WIDGETS, "", GREEN, new Api.Paging(2, first.next()));
    assertThat(last.items()).extracting(ApiObject::name).containsExactly("w08");
    assertThat(last.next()).isEmpty();
  }

  @Test
  void aContinueTokenThatIsNoneIsRefused() {
    createMany(3);
    assertThat(refusal(() -> page(1, "rubbish!")).code()).isEqualTo(400);
  }

  @Test
  void aListWhoseStateIsForgottenMayGoOnFromThePresentOne() {
    try (var forgetful = TestServer.withHistory(2)) {
      for (var i = 0; i < 4; i++) {
        forgetful.create(widget("w0" + i, 1));
      }
      var old = new Api.Paging(9, new ContinueToken(1, inDefault("w00"), 2).encode());

      var refused = refusal(() -> forgetful.api.list(ADMIN, WIDGETS, "", Selection.all(), old));

      assertThat(refused.reason()).isEqualTo(Reason.EXPIRED);
      var next = refused.toStatus().at("/metadata/continue").asString("");
      var rest = forgetful.api.list(ADMIN, WIDGETS, "", Selection.all(), new Api.Paging(9, next));
      assertThat(rest.items()).extracting(ApiObject::name).containsExactly("w01", "w02", "w03");
    }
  }

  @Test
  void anExactPastStateIsShownWhileItIsRemembered() {
    server.create(widget("a", 1));
    var then = server.create(widget("b", 1)).resourceVersion();
    server.patch("a", "", "{'spec':{'size':2}}");
    server.client.delete(WIDGETS, inDefault("b"), null);
    server.create(widget("c", 1));

    var past =
        server.api.list(ADMIN, WIDGETS, "", Selection.all(), new Api.Paging(0, "", then, true));

    assertThat(past.resourceVersion()).isEqualTo(then);
    assertThat(past.items()).extracting(ApiObject::name).containsExactly("a", "b");
    assertThat(past.items().getFirst().at("/spec/size").asInt()).isEqualTo(1);
  }

  @Test
  void aRevisionOfTheFutureIsWaitedForByTheClient() {
    var ahead = new Api.Paging(0, "", "99999", false);

    var refused = refusal(() -> server.api.list(ADMIN, WIDGETS, "", Selection.all(), ahead));

    assertThat(refused.code()).isEqualTo(504);
    assertThat(refused.retryAfterSeconds()).isEqualTo(1);
  }

  @Test
  void fieldsAreSelectedByWhatTheyAreNot() {
    createMany(3);

    var others = server.client.list(WIDGETS, "", Selection.parse("", "metadata.name!=w01"));

    assertThat(others.items()).extracting(ApiObject::name).containsExactly("w00", "w02");
  }

  @Test
  void fieldsSelectWhereTheKindAllowsIt() {
    createMany(2);
    var named = server.client.list(WIDGETS, "", Selection.named("w01"));
    assertThat(named.items()).extracting(ApiObject::name).containsExactly("w01");
    var odd = Selection.parse("", "spec.size=1");
    assertThat(refusal(() -> server.client.list(WIDGETS, "", odd)))
        .hasMessage("field label not supported: spec.size");
  }

  private static List<String> drain(Watch watch) {
    var seen = new ArrayList<String>();
    for (var e = watch.next(Duration.ZERO); e != null; e = watch.next(Duration.ZERO)) {
      seen.add(e.kind() + " " + e.object().name());
    }
    return seen;
  }

  @Test
  void aWatchShowsWhatEntersAndLeavesItsSelection() {
    var start = server.create(widget("a", 1)).resourceVersion();
    try (var watch = server.client.watch(WIDGETS, "default", GREEN, start)) {
      server.patch("a", "", "{'metadata':{'labels':{'go':'green'}}}");
      server.patch("a", "", "{'spec':{'size':2}}");
      var left = server.patch("a", "", "{'metadata':{'labels':{'go':null}}}");
      server.patch("a", "", "{'spec':{'size':3}}");
      assertThat(drain3(watch, left.resourceVersion()))
          .containsExactly("ADDED a", "MODIFIED a", "DELETED a");
      server.client.delete(WIDGETS, inDefault("a"), null);
      assertThat(drain(watch)).as("outside of the selection").isEmpty();
    }
  }

  /// Drains, and finds that the last event carries this revision.
  private static List<String> drain3(Watch watch, String lastRevision) {
    var seen = new ArrayList<String>();
    Watch.Event last = null;
    for (var e = watch.next(Duration.ZERO); e != null; e = watch.next(Duration.ZERO)) {
      seen.add(e.kind() + " " + e.object().name());
      last = e;
    }
    assertThat(Objects.requireNonNull(last).object().resourceVersion()).isEqualTo(lastRevision);
    return seen;
  }

  @Test
  void aWatchOfOneNamespaceSeesNoOther() {
    var start = Long.toString(server.store.view().revision());
    try (var watch = server.client.watch(WIDGETS, "kube-public", Selection.all(), start)) {
      server.create(widget("a", 1));
      assertThat(drain(watch)).isEmpty();
    }
  }

  @Test
  void aWatchFromNowhereBeginsWithWhatIsThere() {
    createMany(2);
    try (var watch = server.client.watch(WIDGETS, "", Selection.all(), "")) {
      server.client.delete(WIDGETS, inDefault("w00"), null);
      assertThat(drain(watch)).containsExactly("ADDED w00", "ADDED w01", "DELETED w00");
    }
  }

  @Test
  void aStreamedListEndsInAMarkedBookmark() {
    createMany(1);
    var revision = Long.toString(server.store.view().revision());
    try (var watch = server.api.watch(ADMIN, WIDGETS, "", Selection.all(), "", true, true)) {
      watch.next(Duration.ZERO);
      var mark = Objects.requireNonNull(watch.next(Duration.ZERO));
      assertThat(mark.kind()).isEqualTo(Watch.Kind.BOOKMARK);
      assertThat(mark.object().kind()).isEqualTo("Widget");
      assertThat(mark.object().resourceVersion()).isEqualTo(revision);
      assertThat(mark.object().annotations()).containsEntry("k8s.io/initial-events-end", "true");
    }
  }

  @Test
  void aQuietWatchIsToldHowFarItHasCome() {
    var start = Long.toString(server.store.view().revision());
    try (var watch = server.client.watch(WIDGETS, "", Selection.all(), start)) {
      var elsewhere =
          server.client.create(TestServer.CONFIG_MAPS, TestServer.configMap("default", "x"));
      assertThat(watch.next(Duration.ofSeconds(59))).isNull();
      var mark = Objects.requireNonNull(watch.next(Duration.ofSeconds(5)));
      assertThat(mark.kind()).isEqualTo(Watch.Kind.BOOKMARK);
      assertThat(mark.object().resourceVersion()).isEqualTo(elsewhere.resourceVersion());
    }
  }

  @Test
  void aRevisionNoLongerHeldIsExpired() {
    try (var brief = TestServer.withHistory(3)) {
      var old = brief.create(widget("a", 0)).resourceVersion();
      for (var i = 1; i < 9; i++) {
        brief.patch("a", "", "{'spec':{'size':%d}}".formatted(i));
      }
      var refusal = refusal(() -> brief.client.watch(WIDGETS, "", Selection.all(), old));
      assertThat(refusal.reason()).isEqualTo(Reason.EXPIRED);
      assertThat(refusal)
          .hasMessage(
              "too old resource version: %s (%d)".formatted(old, brief.store.view().revision()));
    }
  }

  @Test
  void aRevisionFromAnotherLifeIsExpired() {
    assertThat(refusal(() -> server.client.watch(WIDGETS, "", Selection.all(), "999999")).reason())
        .isEqualTo(Reason.EXPIRED);
    assertThat(refusal(() -> server.client.watch(WIDGETS, "", Selection.all(), "x")).code())
        .isEqualTo(400);
  }

  @Test
  void aWatchEndsWithTheStore() {
    try (var watch = server.client.watch(WIDGETS, "", Selection.all(), "")) {
      assertThat(watch.ended()).isFalse();
      server.store.close();
      assertThat(watch.next(Duration.ofSeconds(1))).isNull();
      assertThat(watch.ended()).isTrue();
    }
  }
}
