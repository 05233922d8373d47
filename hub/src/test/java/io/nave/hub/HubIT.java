package io.nave.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.apiserver.http.ListenFailure;
import io.nave.certs.Certificates;
import io.nave.certs.TrustBundle;
import io.nave.controllers.HttpsTransport;
import io.nave.controllers.Kubeconfig;
import io.nave.controllers.RemoteClient;
import io.nave.runtime.Disk;
import io.nave.runtime.RealHost;
import io.nave.testkit.FreePort;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real hub in this process, on port 0, with real TLS.
class HubIT {
  private static final ResourceType CONFIG_MAP =
      ResourceType.of("", "v1", "ConfigMap", "configmaps", true);
  private static final Key KEY = Key.of("default", "kept");

  @TempDir private Path folder;
  private final RealHost host = RealHost.start("hub");

  @AfterEach
  void stop() {
    host.close();
  }

  @Test
  void whatWasWrittenAndWhomItTrustsSurvivesARestart() {
    String authority;
    try (var hub = start();
        var wire = HttpsTransport.open(host, hub.administrator())) {
      authority = hub.administrator().caPem();
      new RemoteClient(host, wire, "test")
          .create(CONFIG_MAP, ApiObject.named(CONFIG_MAP, KEY.namespace(), KEY.name()));
    }
    try (var hub = start();
        var wire = HttpsTransport.open(host, hub.administrator())) {
      assertThat(hub.administrator().caPem()).isEqualTo(authority);
      assertThat(new RemoteClient(host, wire, "test").find(CONFIG_MAP, KEY)).isPresent();
    }
  }

  /// With real TLS: who knows only the former authority, or only the new one, goes on; also after a
  /// restart.
  @Test
  void aHubIsBelievedByThoseWhoKnowAnyOfItsAuthorities() {
    Kubeconfig before;
    Kubeconfig after;
    var config = HubConfig.of(folder.resolve("hub"), "127.0.0.1", FreePort.choose());
    try (var hub = Hub.start(host, config);
        var wire = HttpsTransport.open(host, hub.administrator())) {
      before = hub.administrator();
      rotate(new RemoteClient(host, wire, "test"));
      after = awaitOther(hub, before);
      assertThat(TrustBundle.ofPem(after.caPem()).authorities()).hasSize(2);
      asksWith(before);
      asksWith(after);
    }
    try (var hub = Hub.start(host, config)) {
      assertThat(hub.administrator().caPem()).isEqualTo(after.caPem());
      asksWith(before);
      var newest = TrustBundle.ofPem(after.caPem()).authorities().getFirst();
      asksWith(after.withCa(Certificates.toPem(List.of(newest))));
    }
    assertThat(folder.resolve("hub/ca.key")).doesNotExist();
  }

  private void rotate(RemoteClient client) {
    var key = Key.of("kube-public", "kube-root-ca.crt");
    for (var i = 0; client.find(CONFIG_MAP, key).isEmpty() && i < 1200; i++) {
      host.sleep(Duration.ofMillis(50));
    }
    client.patch(
        CONFIG_MAP,
        key,
        "",
        Patch.merge(body ->
            body.putObject("metadata")
                .putObject("annotations")
                .put("nave.io/rotate-authority", "two")));
  }

  private Kubeconfig awaitOther(Hub hub, Kubeconfig before) {
    for (var i = 0; i < 1200 && hub.administrator().equals(before); i++) {
      host.sleep(Duration.ofMillis(50));
    }
    assertThat(hub.administrator()).isNotEqualTo(before);
    return hub.administrator();
  }

  private void asksWith(Kubeconfig login) {
    try (var wire = HttpsTransport.open(host, login)) {
      assertThat(new RemoteClient(host, wire, "test").find(CONFIG_MAP, KEY)).isEmpty();
    }
  }

  @Test
  void aFolderBelongsToOneHub() {
    try (var hub = start()) {
      assertThat(hub.administratorFile()).exists();
      assertThatThrownBy(this::start)
          .isInstanceOf(Disk.DiskFailure.class)
          .hasMessageContaining("is in use by process")
          .hasMessageContaining("--data-dir");
    }
  }

  @Test
  void aPortThatIsTakenIsNamedAndTheFolderIsGivenBack() {
    try (var hub = start()) {
      var port = URI.create(hub.administrator().server()).getPort();
      var other = folder.resolve("other");
      assertThatThrownBy(() -> Hub.start(host, HubConfig.of(other, "127.0.0.1", port)))
          .isInstanceOf(ListenFailure.class)
          .hasMessageContaining("127.0.0.1:" + port);
      Hub.start(host, HubConfig.of(other, "127.0.0.1", 0)).close();
    }
  }

  @Test
  void anAuthorityWithoutItsKeyIsRefused() throws Exception {
    start().close();
    Files.delete(folder.resolve("hub/ca.key"));

    assertThatThrownBy(this::start)
        .isInstanceOf(Disk.DiskFailure.class)
        .hasMessageContaining("holds ca.crt but not ca.key");
  }

  /// - Goal: a hub that lost its store does not answer its agents with empty lists.
  @Test
  void aStoreThatIsEmptyAlthoughAHubRanThereIsRefused() throws Exception {
    start().close();
    var store = folder.resolve("hub/store");
    try (var files = Files.list(store)) {
      for (var file : files.toList()) {
        Files.delete(file);
      }
    }
    for (var tries = 0; tries < 2; tries++) {
      assertThatThrownBy(this::start)
          .isInstanceOf(Disk.DiskFailure.class)
          .hasMessageContaining("its store is empty now: restore a backup");
    }
    Files.delete(folder.resolve("hub/admin.kubeconfig"));
    start().close();
    start().close();
  }

  private Hub start() {
    return Hub.start(host, HubConfig.of(folder.resolve("hub"), "127.0.0.1", 0));
  }
}
