package io.nave.apiserver.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SharesTest {
  @Test
  void aUserGetsItsShareAndLeavesTheRestToOthers() {
    var shares = new Shares(2);
    assertThat(shares.enter("a")).isTrue();
    assertThat(shares.enter("a")).isTrue();
    assertThat(shares.enter("a")).isFalse();
    assertThat(shares.enter("b")).isTrue();
    shares.leave("a");
    assertThat(shares.enter("a")).isTrue();
  }

  @Test
  void nothingIsKeptOfUsersWhoLeft() {
    var shares = new Shares(1);
    for (var i = 0; i < 100; i++) {
      assertThat(shares.enter("user-" + i)).isTrue();
      shares.leave("user-" + i);
    }
    assertThat(shares.users()).isZero();
  }

  @Test
  void oneUserCannotTakeAllWatches() {
    var door = new Door(new FrontDoor.Settings("v1.31.0+nave", 100, 8), Health.good());
    var codes = new ArrayList<Integer>();
    for (var i = 0; i < 3; i++) {
      codes.add(Door.status(door.get("/api/v1/namespaces?watch=true")));
    }
    assertThat(codes).isEqualTo(List.of(200, 200, 429));
    var stranger = Map.of("authorization", "Bearer stranger-token");
    var other = door.ask("GET", "/api/v1/namespaces?watch=true", stranger, "");
    assertThat(Door.status(other)).isEqualTo(200);
  }
}
