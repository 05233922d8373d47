package io.nave.hub;

import io.nave.certs.Authority;
import io.nave.certs.Credential;
import io.nave.certs.Identity;
import io.nave.certs.KeyPairs;
import io.nave.certs.Succession;
import io.nave.certs.TrustBundle;
import io.nave.registration.hub.HubAuthority;
import io.nave.runtime.Disk;
import io.nave.runtime.Host;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/// The hub's certificate authority, kept in its data folder (mode 0600), and what it issues to the
/// hub itself. It signs the agents' certificates too.
///
/// The first one lies in `ca.crt` and `ca.key`, where people may put their own. Once it was
/// replaced everything lies in `ca.pem`, which is written whole or not at all, and the other two
/// go.
final class HubKeys implements HubAuthority {
  private static final Duration AUTHORITY_LIFETIME = Duration.ofDays(3650);

  /// Issued anew at every start, and every [#SERVING_AGE_MAX].
  private static final Duration SERVING_LIFETIME = Duration.ofDays(365);

  static final Duration SERVING_AGE_MAX = Duration.ofDays(90);

  private static final Duration ADMIN_LIFETIME = Duration.ofDays(365);

  /// What is asked for with every request stands ready.
  private record State(Succession succession, TrustBundle trust) {
    static State of(Succession succession) {
      return new State(succession, succession.trust());
    }
  }

  private final Host host;
  private final Path folder;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private volatile State state;

  private HubKeys(Host host, Path folder, Succession succession) {
    this.host = host;
    this.folder = folder;
    this.state = State.of(succession);
  }

  /// Reads the authority, or makes one on the first start.
  ///
  /// @throws Disk.DiskFailure when the folder cannot be used, or holds one of the two files without
  ///   the other
  static HubKeys open(Host host, Path folder) {
    var whole = text(host, folder.resolve("ca.pem"));
    if (whole.isPresent()) {
      return new HubKeys(host, folder, Succession.ofPem(host, whole.get()));
    }
    return new HubKeys(host, folder, Succession.of(first(host, folder)));
  }

  private static Authority first(Host host, Path folder) {
    var certificate = text(host, folder.resolve("ca.crt"));
    var key = text(host, folder.resolve("ca.key"));
    if (certificate.isPresent() && key.isPresent()) {
      return Authority.of(host, certificate.get(), key.get());
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
    return fresh;
  }

  @Override
  public Succession present() {
    return state.succession();
  }

  /// The same object as long as nothing changes: what was checked by it is remembered.
  TrustBundle trust() {
    return state.trust();
  }

  /// Called by one controller with one worker.
  @Override
  public void replace(Succession next) {
    host.disk().write(folder.resolve("ca.pem"), bytes(next.toPem()));
    state = State.of(next);
    host.disk().delete(folder.resolve("ca.crt"));
    host.disk().delete(folder.resolve("ca.key"));
    listeners.forEach(Runnable::run);
  }

  /// Has `listener` called after every replacement, on the task that replaced.
  void onReplace(Runnable listener) {
    listeners.add(listener);
  }

  /// What the hub shows to clients, with bridges for those who know a former authority only.
  Credential serving(List<String> names) {
    var own =
        present()
            .present()
            .issueServing(names, KeyPairs.generate(host.secureRandom()), SERVING_LIFETIME);
    return present().withBridges(own);
  }

  /// The administrator's certificate.
  Credential administrator() {
    return present()
        .present()
        .issueClient(
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
