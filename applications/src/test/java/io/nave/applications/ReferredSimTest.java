package io.nave.applications;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.api.Yaml;
import io.nave.apiserver.kinds.Namespace;
import io.nave.controllers.ApiClient;
import io.nave.controllers.ApiClient.Watch;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// - Goal: however much applications refer to, the hub watches no more than it says, one watch for
///   all who refer to the same, ended when nobody does; and who is left out is looked at all the
///   same, a little later.
class ReferredSimTest extends ApplicationsOnHub {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final AtomicInteger watching = new AtomicInteger();
  private final List<Key> woken = new ArrayList<>(); // under the simulation's baton

  private static Reference settings() {
    return new Reference("", "v1", "configmaps", "settings", Map.of());
  }

  private static Key asker(int number) {
    return Key.of("team-" + number, "app");
  }

  private Referred opened() {
    return parts.open(new Referred(world.host("hub"), counting(), woken::add));
  }

  private boolean follow(Referred referred, Key application, int number) {
    return referred.follow(application, CONFIG, "team-" + number, settings()).isPresent();
  }

  /// The hub, whose open watches are counted.
  private ApiClient counting() {
    return proxy(
        ApiClient.class,
        (method, arguments) -> {
          var answer = invoked(client, method, arguments);
          return answer instanceof Watch watch ? counted(watch) : answer;
        });
  }

  private Watch counted(Watch watch) {
    watching.incrementAndGet();
    return proxy(
        Watch.class,
        (method, arguments) -> {
          if (method.getName().equals("close")) {
            watching.decrementAndGet();
          }
          return invoked(watch, method, arguments);
        });
  }

  @FunctionalInterface
  private interface Handler {
    @Nullable Object handle(Method method, Object[] arguments) throws Throwable;
  }

  private static <T> T proxy(Class<T> type, Handler handler) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, method, arguments) -> handler.handle(method, arguments)));
  }

  private static @Nullable Object invoked(Object on, Method method, Object[] arguments)
      throws Throwable {
    try {
      return method.invoke(on, arguments);
    } catch (InvocationTargetException e) {
      throw Objects.requireNonNull(e.getCause());
    }
  }

  @Test
  void watchesNoMorePlacesThanItSaysAndEachOnceForAll() {
    var referred = opened();
    for (var i = 0; i < Referred.WATCHES_MAX; i++) {
      assertThat(follow(referred, asker(i), i)).isTrue();
    }
    assertThat(watching).hasValue(Referred.WATCHES_MAX);
    assertThat(follow(referred, asker(1_000), 1_000)).isFalse();
    assertThat(follow(referred, asker(1_000), 1)).as("it is watched already").isTrue();
    world.run(MINUTE);
    assertThat(watching).hasValue(Referred.WATCHES_MAX);
  }

  @Test
  void endsAWatchThatNobodyHasNeededForTenMinutesAndThenHasRoomAgain() {
    var referred = opened();
    for (var i = 0; i < Referred.WATCHES_MAX; i++) {
      follow(referred, asker(i), i);
    }
    referred.forget(asker(7));
    world.run(MINUTE.multipliedBy(9));
    assertThat(watching).as("it may be needed again soon").hasValue(Referred.WATCHES_MAX);
    world.run(MINUTE.multipliedBy(3));
    assertThat(watching).hasValue(Referred.WATCHES_MAX - 1);
    assertThat(follow(referred, asker(1_000), 1_000)).isTrue();
    assertThat(watching).hasValue(Referred.WATCHES_MAX);
  }

  @Test
  void tellsOnlyThoseWhoReferToWhatChanged() {
    make("team-1");
    var referred = opened();
    follow(referred, asker(1), 1);
    follow(referred, asker(2), 1);
    referred.forget(asker(2));
    create(CONFIG, "{metadata: {name: other, namespace: team-1}}");
    world.run(MINUTE);
    assertThat(woken).isEmpty();
    create(CONFIG, "{metadata: {name: settings, namespace: team-1}}");
    world.run(MINUTE);
    assertThat(woken).containsExactly(asker(1));
  }

  @Test
  void whoIsBeyondTheBoundIsLookedAtAMomentLater() {
    for (var i = 0; i < Referred.WATCHES_MAX; i++) {
      deploy(i);
    }
    world.runUntil(() -> works().size() == Referred.WATCHES_MAX, MINUTE);
    assertThat(works()).hasSize(Referred.WATCHES_MAX);
    deploy(Referred.WATCHES_MAX);
    var last = "team-" + Referred.WATCHES_MAX;
    world.runUntil(() -> delivered(last).equals("first"), SOON);
    assertThat(delivered(last)).isEqualTo("first");

    merge(CONFIG, Key.of(last, "settings"), "{data: {says: second}}");
    merge(CONFIG, Key.of("team-1", "settings"), "{data: {says: second}}");

    world.runUntil(() -> delivered("team-1").equals("second"), SOON);
    assertThat(delivered("team-1")).as("one that is watched").isEqualTo("second");
    world.runUntil(() -> delivered(last).equals("second"), Duration.ofSeconds(40));
    assertThat(delivered(last)).as("one that is not").isEqualTo("second");
  }

  private void make(String namespace) {
    var type = ResourceType.of(Namespace.class);
    client.create(type, ApiObject.named(type, "", namespace));
  }

  private void deploy(int number) {
    var namespace = "team-" + number;
    make(namespace);
    create(
        CONFIG,
        "{metadata: {name: settings, namespace: %s}, data: {says: first}}".formatted(namespace));
    var application =
        Yaml.parseAll(
                """
                spec:
                  components:
                  - {name: settings, type: ref-objects, properties: {objects: [{resource: configmaps}]}}
                  policies: [{name: where, type: topology, properties: {clusters: [east]}}]
                """)
            .getFirst();
    application.putObject("metadata").put("name", "app").put("namespace", namespace);
    client.create(APPLICATION, ApiObject.of(application));
  }

  /// What the cluster is told of a namespace's settings; empty: nothing.
  private String delivered(String namespace) {
    return works().stream()
        .flatMap(work -> Works.manifests(work).stream())
        .filter(manifest -> manifest.path("kind").asString("").equals("ConfigMap"))
        .filter(manifest -> manifest.at("/metadata/namespace").asString("").equals(namespace))
        .map(manifest -> manifest.at("/data/says").asString(""))
        .findFirst()
        .orElse("");
  }
}
