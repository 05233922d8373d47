package io.nave.apiserver.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.apiserver.Caller;
import io.nave.runtime.Service;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestLogTest {
  private static final Service.Peer PEER = new Service.Peer(List.of(), "127.0.0.1:1");

  private final Door door = new Door();

  @Test
  void aCreateIsAuditedUnderTheNameItGot() {
    var trail = trail();
    trail.created = "east-x7k2p";

    assertThat(trail.name()).isEqualTo("east-x7k2p");
  }

  @Test
  void whoActsAsAnotherIsAuditedBesideThem() {
    var trail = trail();
    trail.prover = Caller.of("admin");
    trail.caller = Caller.of("anna");

    var line = new RequestLog(door.host).line(trail, PEER, 200);

    assertThat(line.path("user").asString()).isEqualTo("anna");
    assertThat(line.path("impersonatedBy").asString()).isEqualTo("admin");
  }

  @Test
  void whoActsAsThemselvesIsAuditedOnce() {
    var trail = trail();
    trail.prover = Caller.of("admin");
    trail.caller = trail.prover;

    assertThat(new RequestLog(door.host).line(trail, PEER, 200).has("impersonatedBy")).isFalse();
  }

  private static Trail trail() {
    return new Trail("POST", "/api/v1/namespaces");
  }
}
