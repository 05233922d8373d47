package io.nave.controllers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nave.controllers.Kubeconfig.Login;
import io.nave.controllers.Kubeconfig.Unusable;
import io.nave.runtime.RealHost;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class KubeconfigTest {
  private static final String MANY =
      """
      apiVersion: v1
      kind: Config
      current-context: east
      clusters:
      - name: e
        cluster:
          server: https://east:6443
          certificate-authority: pki/ca.crt
      - name: w
        cluster: {server: "https://west:6443", insecure-skip-tls-verify: true}
      users:
      - name: by-file
        user: {client-certificate: c.crt, client-key: c.key}
      - name: by-token
        user: {token: t0ken}
      contexts:
      - name: east
        context: {cluster: e, user: by-file, namespace: apps}
      - name: west
        context: {cluster: w, user: by-token}
      - name: lost
        context: {cluster: nowhere, user: by-token}
      """;

  @TempDir private Path folder;
  private final RealHost host = RealHost.start("test");

  static Stream<Login> logins() {
    return Stream.of(
        new Login.Token("s3cret"),
        new Login.Certificate("-----CERT\n", "-----s3cret\n"),
        new Login.Password("me", "s3cret"),
        new Login.Nobody());
  }

  @ParameterizedTest
  @MethodSource("logins")
  void readsWhatItWrites(Login login) {
    var config = Kubeconfig.of("east", "https://hub:6443", "-----CA\n", login);
    assertThat(Kubeconfig.read(config.write())).isEqualTo(config);
    var other = new Kubeconfig("x", "c", "u", "n", "https://hub", "", true, login);
    assertThat(Kubeconfig.read(other.write())).isEqualTo(other);
    assertThat(KubeconfigFile.read(host.disk(), other.write(), folder, null)).isEqualTo(other);
  }

  @ParameterizedTest
  @MethodSource("logins")
  void doesNotPrintSecrets(Login login) {
    var config = Kubeconfig.of("east", "https://hub:6443", "", login);
    assertThat(config.toString()).startsWith("east (https://hub:6443 by ").doesNotContain("s3cret");
    assertThat(login.toString()).doesNotContain("s3cret");
  }

  @Test
  void saysWhatIsMissing() {
    assertThatThrownBy(() -> Kubeconfig.read("current-context: a"))
        .isInstanceOf(Unusable.class)
        .hasMessage("kubeconfig: there is no \"a\" among its contexts []");
    assertThatThrownBy(() -> Kubeconfig.read("[1]"))
        .hasMessage("kubeconfig: must be an object with clusters, users and contexts");
    assertThatThrownBy(() -> Kubeconfig.read("a: b: c")).hasMessageContaining("cannot be read");
  }

  @Test
  void doesNotQuoteABrokenKey() {
    var config = Kubeconfig.of("e", "https://h", "", new Login.Certificate("CERT", "KEY")).write();
    var broken =
        config.replace(
            Base64.getEncoder().encodeToString("KEY".getBytes(StandardCharsets.UTF_8)), "s3cre=t=");
    assertThatThrownBy(() -> Kubeconfig.read(broken))
        .hasMessage("kubeconfig: client-key-data: must be base64")
        .hasNoCause();
    assertThatThrownBy(() -> KubeconfigFile.read(host.disk(), broken, folder, null))
        .hasMessage("kubeconfig: client-key-data: must be base64")
        .hasNoCause();
  }

  @Test
  void readsFilesBesideTheFile() throws Exception {
    Files.createDirectories(folder.resolve("pki"));
    Files.writeString(folder.resolve("pki/ca.crt"), "CA");
    Files.writeString(folder.resolve("c.crt"), "CERT");
    Files.writeString(folder.resolve("c.key"), "KEY");
    assertThat(KubeconfigFile.read(host.disk(), MANY, folder, null))
        .isEqualTo(
            new Kubeconfig(
                "east",
                "e",
                "by-file",
                "apps",
                "https://east:6443",
                "CA",
                false,
                new Login.Certificate("CERT", "KEY")));
  }

  @Test
  void readsATokenFile() throws Exception {
    Files.writeString(folder.resolve("t"), "from-file\n");
    var yaml = MANY.replace("token: t0ken", "tokenFile: t");
    assertThat(KubeconfigFile.read(host.disk(), yaml, folder, "west").login())
        .isEqualTo(new Login.Token("from-file"));
  }

  @Test
  void wantsEverythingInsideWhereItReadsNoOtherFiles() {
    assertThatThrownBy(() -> Kubeconfig.read(MANY))
        .hasMessageStartingWith("kubeconfig: certificate-authority: must be inside the file");
  }

  @Test
  void takesTheContextAskedFor() {
    assertThat(KubeconfigFile.read(host.disk(), MANY, folder, "west"))
        .isEqualTo(
            new Kubeconfig(
                "west",
                "w",
                "by-token",
                "",
                "https://west:6443",
                "",
                true,
                new Login.Token("t0ken")));
    assertThatThrownBy(() -> KubeconfigFile.read(host.disk(), MANY, folder, "north"))
        .hasMessage("kubeconfig: there is no \"north\" among its contexts [east, west, lost]");
  }

  @Test
  void saysWhatAContextLacks() {
    assertThatThrownBy(() -> KubeconfigFile.read(host.disk(), MANY, folder, "lost"))
        .hasMessageContaining("there is no \"nowhere\" among its clusters [e, w]");
    assertThatThrownBy(() -> KubeconfigFile.read(host.disk(), MANY, folder, "east"))
        .hasMessage(
            "kubeconfig: certificate-authority: there is no file " + folder.resolve("pki/ca.crt"));
    assertThatThrownBy(() -> KubeconfigFile.read(host.disk(), "kind: Config", folder, null))
        .hasMessageContaining("no current context");
    var proxied = MANY.replace("server: https://east:6443", "proxy-url: http://p");
    assertThatThrownBy(() -> KubeconfigFile.read(host.disk(), proxied, folder, null))
        .hasMessageStartingWith("kubeconfig: proxy-url is not supported; ");
  }
}
