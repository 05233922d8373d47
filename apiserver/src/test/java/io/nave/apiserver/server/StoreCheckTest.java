package io.nave.apiserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.apiserver.http.StillHost;
import io.nave.store.StoreUnreachable;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class StoreCheckTest {
  /// A store whose engine comes and goes.
  private static final class Shaky {
    boolean running = true;
    boolean reachable = true;
    int asked;
    Runnable whileAsked = () -> {};

    void look() {
      asked++;
      whileAsked.run();
      if (!reachable) {
        throw new StoreUnreachable("etcd does not answer");
      }
    }
  }

  private final Shaky store = new Shaky();
  private final StillHost host = new StillHost();
  private final StoreCheck check = new StoreCheck(host, () -> store.running, store::look);

  @Test
  void aStoreThatAnswersIsWell() {
    assertThat(check.answers()).isTrue();
    assertThat(check.runs()).isTrue();
    assertThat(store.asked).isEqualTo(1);
  }

  @Test
  void oneWhoseEngineIsAwayIsNotReadyButLives() {
    store.reachable = false;
    assertThat(check.answers()).isFalse();
    assertThat(check.runs()).isTrue();
    store.reachable = true;
    host.pass(Duration.ofSeconds(1));
    assertThat(check.answers()).isTrue();
  }

  @Test
  void oneWhoseWriterStoppedIsNeither() {
    store.running = false;
    assertThat(check.answers()).isFalse();
    assertThat(check.runs()).isFalse();
    assertThat(store.asked).isZero();
  }

  @Test
  void itIsAskedOnceASecond() {
    for (var i = 0; i < 5; i++) {
      check.answers();
      host.pass(Duration.ofMillis(300));
    }
    assertThat(store.asked).isEqualTo(2); // at once, and after 1.2 s
  }

  /// - Goal: a flood of strangers cannot heap up questions at an engine that hangs.
  @Test
  void whileOneAsksTheOthersAreToldWhatWasFoundLast() {
    store.whileAsked = () -> assertThat(check.answers()).isTrue();
    store.reachable = false;
    assertThat(check.answers()).isFalse();
    assertThat(store.asked).isEqualTo(1);
  }
}
