package io.nave.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.certs.Authority;
import io.nave.certs.Credential;
import io.nave.certs.Identity;
import io.nave.certs.KeyPairs;
import io.nave.testkit.EtcdServer;
import io.nave.testkit.NeedsEtcd;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/// A real hub on a real etcd that speaks TLS and wants to know who asks. Certificates are made
/// here.
@NeedsEtcd
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EtcdTlsE2E {
  private static final ResourceType CONFIG_MAP =
      ResourceType.of("", "v1", "ConfigMap", "configmaps", true);
  private static final Duration LIFETIME = Duration.ofDays(1);

  private final Path folder = Folders.fresh(getClass());
  private final Authority servers = Authority.create(Until.HOST, "etcd-ca", LIFETIME);
  private final Authority clients = Authority.create(Until.HOST, "client-ca", LIFETIME);
  private final Authority others = Authority.create(Until.HOST, "other-ca", LIFETIME);
  private final NaveProgram nave = new NaveProgram(folder);
  private EtcdServer etcd;

  @BeforeAll
  void startEtcd() {
    var serving = servers.issueServing(List.of("127.0.0.1"), key(), LIFETIME);
    etcd =
        EtcdServer.start(
            folder.resolve("etcd"),
            "--cert-file=" + file("etcd.crt", serving.certificatePem()),
            "--key-file=" + file("etcd.key", serving.keyPem()),
            "--client-cert-auth=true",
            "--trusted-ca-file=" + file("client-ca.crt", clients.certificatePem()));
  }

  @AfterAll
  void stopEtcd() {
    etcd.close();
  }

  @Test
  void aHubThatShowsItsCertificateKeepsItsObjectsThere() {
    var name = Key.of("default", "kept");
    try (var hub = HubProgram.start(folder.resolve("good"), options(servers, client(clients)));
        var remote = Remote.open(hub.administrator())) {
      remote.client().create(CONFIG_MAP, ApiObject.named(CONFIG_MAP, "default", "kept"));
    }
    try (var hub = HubProgram.start(folder.resolve("next"), options(servers, client(clients)));
        var remote = Remote.open(hub.administrator())) {
      assertThat(remote.client().find(CONFIG_MAP, name)).isPresent();
    }
  }

  @Test
  void anEtcdThatTheGivenAuthorityDoesNotVouchForIsRefused() {
    assertThat(refused(options(others, client(clients))))
        .contains("etcd at https://" + etcd.address(), "--etcd-cafile")
        .doesNotContain("\tat ");
  }

  @Test
  void aHubThatShowsNoCertificateIsToldWhatIsMissing() {
    assertThat(refused(options(servers, null)))
        .contains("etcd at https://" + etcd.address(), "--etcd-certfile")
        .doesNotContain("\tat ");
  }

  @Test
  void aHubWithTheCertificateOfAnotherAuthorityIsToldToTakeTheRightOne() {
    assertThat(refused(options(servers, client(others))))
        .contains("etcd at https://" + etcd.address(), "--etcd-certfile")
        .doesNotContain("\tat ");
  }

  @Test
  void aHubThatDoesNotSpeakTlsIsToldThatEtcdMay() {
    assertThat(refused("--store", "etcd://" + etcd.address()))
        .contains("etcd at http://" + etcd.address(), "--etcd-cafile")
        .doesNotContain("\tat ");
  }

  private String refused(String... options) {
    var command = new ArrayList<>(List.of("hub", "--listen", "127.0.0.1:0"));
    command.addAll(List.of("--data-dir", folder.resolve("refused").toString()));
    command.addAll(List.of(options));
    return nave.run(command.toArray(String[]::new)).refused(1);
  }

  private String[] options(Authority trusted, @Nullable Credential login) {
    var options = new ArrayList<>(List.of("--store", "etcd://" + etcd.address()));
    options.addAll(
        List.of("--etcd-cafile", file("trusted.crt", trusted.certificatePem()).toString()));
    if (login != null) {
      options.addAll(
          List.of("--etcd-certfile", file("login.crt", login.certificatePem()).toString()));
      options.addAll(List.of("--etcd-keyfile", file("login.key", login.keyPem()).toString()));
    }
    return options.toArray(String[]::new);
  }

  private static Credential client(Authority authority) {
    return authority.issueClient(new Identity("hub", List.of()), key(), LIFETIME);
  }

  private static KeyPair key() {
    return KeyPairs.generate(Until.HOST.secureRandom());
  }

  private Path file(String name, String pem) {
    try {
      return Files.writeString(folder.resolve(name), pem);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
