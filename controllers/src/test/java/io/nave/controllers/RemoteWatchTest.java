package io.nave.controllers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.controllers.ScriptedTransport.ScriptedStream;
import io.nave.controllers.ScriptedTransport.ScriptedStream.Then;
import io.nave.runtime.Transport.Unreachable;
import io.nave.runtime.sim.SimHost;
import io.nave.runtime.sim.SimWorld;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class RemoteWatchTest {
  private static final ResourceType SECRETS = ResourceType.of("", "v1", "Secret", "secrets", true);
  private static final Duration WAIT = Duration.ofSeconds(1);
  private static final String EVENTS =
      """
      {"type":"ADDED","object":{"metadata":{"name":"ä","resourceVersion":"1"}}}
      {"type":"MODIFIED","object":{"metadata":{"name":"ä","resourceVersion":"2"}}}
      {"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"3"}}}
      {"type":"DELETED","object":{"metadata":{"name":"ä","resourceVersion":"4"}}}
      """;

  private final SimWorld world = new SimWorld(1);
  private final SimHost host = world.host("hub");
  private final ScriptedTransport wire = new ScriptedTransport();
  private final RemoteClient client = new RemoteClient(host, wire, "t");

  @Test
  void asksForBookmarksAndAnEndBetweenFiveAndTenMinutes() {
    var lifetimes = new TreeSet<Integer>();
    for (var i = 0; i < 200; i++) {
      watch(Then.END, "");
      var target = wire.last().target();
      assertThat(target)
          .startsWith(
              "/api/v1/namespaces/n/secrets?watch=true&resourceVersion=7&allowWatchBookmarks=true"
                  + "&timeoutSeconds=");
      lifetimes.add(Integer.parseInt(target.substring(target.lastIndexOf('=') + 1)));
    }
    assertThat(lifetimes).hasSizeGreaterThan(50).allMatch(s -> s >= 300 && s <= 600);
  }

  @Test
  void asksForEverythingWhenThereIsNoRevisionYet() {
    wire.stream(new ScriptedStream(host, 200, List.of(), Then.END));
    client.watch(SECRETS, "", Selection.all(), "").close();
    assertThat(wire.last().target())
        .startsWith("/api/v1/secrets?watch=true&allowWatchBookmarks")
        .doesNotContain("resourceVersion=");
  }

  @Test
  void readsEventsWhereverThePiecesEnd() {
    var bytes = EVENTS.getBytes(StandardCharsets.UTF_8);
    for (var cut = 0; cut <= bytes.length; cut++) {
      var pieces =
          List.of(Arrays.copyOfRange(bytes, 0, cut), Arrays.copyOfRange(bytes, cut, bytes.length));
      wire.stream(new ScriptedStream(host, 200, pieces, Then.END));
      var watch = client.watch(SECRETS, "n", Selection.all(), "7");
      var seen = new ArrayList<String>();
      for (var event = watch.next(WAIT); event != null; event = watch.next(WAIT)) {
        seen.add(event.kind() + " " + event.object().name() + event.object().resourceVersion());
        assertThat(event.object().kind()).isEqualTo("Secret");
      }
      assertThat(seen).containsExactly("ADDED ä1", "MODIFIED ä2", "BOOKMARK 3", "DELETED ä4");
      assertThat(watch.ended()).isTrue();
    }
  }

  @Test
  void isNotOverWhileEventsOfTheLastPieceAreUnread() {
    var watch = watch(Then.END, EVENTS);
    assertThat(watch.next(WAIT)).isNotNull();
    assertThat(watch.ended()).isFalse();
  }

  @Test
  void waitsAsLongAsAskedWhenNothingComes() {
    var watch = watch(Then.SILENCE, "");
    var before = world.elapsed();
    assertThat(watch.next(Duration.ofSeconds(20))).isNull();
    assertThat(world.elapsed().minus(before)).isEqualTo(Duration.ofSeconds(20));
    assertThat(watch.ended()).isFalse();
  }

  @Test
  void anErrorEventSaysWhatToDo() {
    var watch =
        watch(
            Then.SILENCE,
            "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"code\":410,"
                + "\"reason\":\"Gone\",\"message\":\"too old\"}}\n");
    assertThatThrownBy(() -> watch.next(WAIT))
        .isInstanceOfSatisfying(
            ApiError.class, e -> assertThat(e.reason()).isEqualTo(ApiError.Reason.EXPIRED))
        .hasMessage("too old");
  }

  @Test
  void aRefusedWatchKeepsItsReason() {
    var body = "{\"kind\":\"Status\",\"reason\":\"Forbidden\",\"message\":\"no\",\"code\":403}";
    var stream =
        new ScriptedStream(
            host,
            403,
            List.of(
                body.substring(0, 20).getBytes(StandardCharsets.UTF_8),
                body.substring(20).getBytes(StandardCharsets.UTF_8)),
            Then.END);
    wire.stream(stream);
    assertThatThrownBy(() -> client.watch(SECRETS, "n", Selection.all(), "7"))
        .isInstanceOfSatisfying(
            ApiError.class, e -> assertThat(e.reason()).isEqualTo(ApiError.Reason.FORBIDDEN))
        .hasMessage("no");
    assertThat(stream.closed).isTrue();
  }

  @Test
  void aBreakIsTold() {
    assertThatThrownBy(() -> watch(Then.BREAK, "").next(WAIT)).isInstanceOf(Unreachable.class);
  }

  @Test
  void anEndInTheMiddleOfAnEventIsABreak() {
    assertThatThrownBy(() -> watch(Then.END, "{\"type\":").next(WAIT))
        .isInstanceOf(Unreachable.class)
        .hasMessageContaining("in the middle");
  }

  @Test
  void whatIsNoEventIsABreak() {
    assertThatThrownBy(() -> watch(Then.END, "<html>\n").next(WAIT))
        .isInstanceOf(Unreachable.class)
        .hasMessageContaining("cannot be read");
    assertThatThrownBy(() -> watch(Then.END, "{\"type\":\"SYNC\",\"object\":{}}\n").next(WAIT))
        .isInstanceOf(Unreachable.class)
        .hasMessageContaining("was \"SYNC\"");
  }

  @Test
  void aServerThatNeverEndsTheWatchIsTakenForDead() {
    var watch = watch(Then.SILENCE, "");
    assertThatThrownBy(() -> watch.next(Duration.ofDays(1)))
        .isInstanceOf(Unreachable.class)
        .hasMessageContaining("taken for dead");
    assertThat(world.elapsed()).isBetween(Duration.ofSeconds(330), Duration.ofSeconds(630));
  }

  private ApiClient.Watch watch(Then then, String text) {
    var pieces = List.of(text.getBytes(StandardCharsets.UTF_8));
    wire.stream(new ScriptedStream(host, 200, text.isEmpty() ? List.of() : pieces, then));
    return client.watch(SECRETS, "n", Selection.all(), "7");
  }

  @Test
  void objectsKeepWhatTheySayOfThemselves() {
    var watch =
        watch(
            Then.END, "{\"type\":\"ADDED\",\"object\":{\"kind\":\"K\",\"apiVersion\":\"g/v2\"}}\n");
    assertThat(watch.next(WAIT))
        .extracting(ApiClient.Watch.Event::object)
        .extracting(ApiObject::kind, ApiObject::apiVersion)
        .containsExactly("K", "g/v2");
  }
}
