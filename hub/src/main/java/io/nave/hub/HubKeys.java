package io.nave.hub;

import io.nave.certs.Authority;
import io.nave.certs.Credential;
import io.nave.certs.Identity;
import io.nave.certs.KeyPairs;
import io.nave.runtime.Disk;
import io.nave.runtime.Host;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The hub's certificate authority, kept in its data folder (`ca.crt`, `ca.key`, mode 0600), and
/// what it issues to the hub itself. It signs the agents' certificates too.
final class HubKeys {
  private static final Duration AUTHORITY_LIFETIME = Duration.ofDays(3650);

  /// Issued anew at every start.
  private static final Duration SERVING_LIFETIME = Duration.ofDays(365);

  private static final Duration ADMIN_LIFETIME = Duration.ofDays(365);

  private final Host host;
  private final Authority authority;

  private HubKeys(Host host, Authority authority) {
    this.host = host;
    this.authority = authority;
  }

  /// Reads the authority, or makes one on the first start.
  ///
  /// @throws Disk.DiskFailure when the folder cannot be used, or holds one of the two files without
  ///   the other
  static HubKeys open(Host host, Path folder) {
    var certificate = text(host, folder.resolve("ca.crt"));
    var key = text(host, folder.resolve("ca.key"));
    if (certificate.isPresent() && key.isPresent()) {
      return new HubKeys(host, Authority.of(host, certificate.get(), key.get()));
    }
    if (certificate.isPresent()) {
      throw new Disk.DiskFailure(
          folder
              + " holds ca.crt but not ca.key: restore ca.key, or remove ca.crt to begin a new"
              + " authority, which all agents then have to join again");
    }
    var fresh = Authority.create(host, "nave-hub", AUTHORITY_LIFETIME);
    // The key first: a certificate without a key is refused above, a key alone is replaced.
    host.disk().write(folder.resolve("ca.key"), bytes(fresh.keyPem()));
    host.disk().write(folder.resolve("ca.crt"), bytes(fresh.certificatePem()));
    return new HubKeys(host, fresh);
  }

  Authority authority() {
    return authority;
  }

  /// What the hub shows to clients.
  Credential serving(List<String> names) {
    return authority.issueServing(names, KeyPairs.generate(host.secureRandom()), SERVING_LIFETIME);
  }

  /// The administrator's certificate.
  Credential administrator() {
    return authority.issueClient(
        new Identity("nave-admin", List.of("system:masters")),
        KeyPairs.generate(host.secureRandom()),
        ADMIN_LIFETIME);
  }

  private static Optional<String> text(Host host, Path file) {
    return host.disk().read(file).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
