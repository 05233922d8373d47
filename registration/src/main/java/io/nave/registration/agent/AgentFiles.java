package io.nave.registration.agent;

import io.nave.certs.BadPem;
import io.nave.certs.Certificates;
import io.nave.certs.Credential;
import io.nave.certs.KeyPairs;
import io.nave.controllers.ApiClient;
import io.nave.registration.api.AgentIdentity;
import io.nave.runtime.Host;
import java.security.KeyPair;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What an agent keeps of itself, in `<data>/hub/` or in a Secret: `tls.key`, `tls.crt`,
/// `cluster-name`, `agent-name`, as upstream's secret calls them, and `ca.crt`.
///
/// The key is on disk before anything is asked with it, and stays for the life of the agent: the
/// hub binds the cluster's name to it, so whoever has the folder can always come back. Only the
/// certificate is replaced, in one whole write.
final class AgentFiles {
  private static final Logger LOG = LoggerFactory.getLogger(AgentFiles.class);

  /// Without vowels and look-alikes, as Kubernetes makes random names.
  private static final String SAFE = "bcdfghjklmnpqrstvwxz2456789";

  private static final int AGENT_NAME_CHARS = 5;

  private final Host host;
  private final AgentSettings settings;
  private final Shelf shelf;

  AgentFiles(Host host, AgentSettings settings, ApiClient cluster) {
    this.host = host;
    this.settings = settings;
    var secret = settings.secret();
    this.shelf =
        secret == null
            ? new Shelf.Folder(host.disk(), settings.dataFolder().resolve("hub"))
            : new Shelf.InSecret(cluster, secret);
  }

  /// The names of this agent; drawn and kept when there are none yet.
  ///
  /// @throws Setback when the folder belongs to an agent of another cluster
  AgentIdentity identity() {
    var cluster = text("cluster-name").orElse("");
    if (!cluster.isEmpty() && !cluster.equals(settings.clusterName())) {
      throw new Setback(
          new AgentState.Faulty(
              "%s belongs to the agent of cluster %s, this one is for cluster %s; choose another"
                      .formatted(shelf.place(""), cluster, settings.clusterName())
                  + " --data-dir"));
    }
    var agent = settings.agentName();
    if (agent == null) {
      agent = text("agent-name").filter(name -> !name.isEmpty()).orElseGet(this::drawName);
    }
    keep("agent-name", agent);
    keep("cluster-name", settings.clusterName());
    return new AgentIdentity(settings.clusterName(), agent);
  }

  /// The key of this agent; made and kept when there is none yet.
  ///
  /// @throws Setback when there is one that cannot be read: it is never overwritten
  KeyPair key() {
    var found = keptKey();
    if (found.isPresent()) {
      return found.get();
    }
    var pair = KeyPairs.generate(host.secureRandom());
    shelf.write("tls.key", KeyPairs.toSec1Pem(pair));
    return pair;
  }

  /// The key of this agent; empty when it has made none yet.
  ///
  /// @throws Setback when there is one that cannot be read
  Optional<KeyPair> keptKey() {
    try {
      return text("tls.key").map(KeyPairs::fromPem);
    } catch (BadPem e) {
      throw new Setback(
          new AgentState.Faulty(
              "%s cannot be used (%s); restore it, or remove it to join with a new key"
                  .formatted(shelf.place("tls.key"), e.getMessage())));
    }
  }

  /// The names this agent has kept; empty when it has not run yet.
  Optional<AgentIdentity> keptIdentity() {
    return text("agent-name")
        .filter(name -> !name.isEmpty())
        .map(name -> new AgentIdentity(settings.clusterName(), name));
  }

  /// The certificate with the key, of whatever age; empty when there is none for this key.
  Optional<Credential> credential() {
    var certificate = text("tls.crt");
    if (certificate.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Credential(Certificates.parse(certificate.get()), key().getPrivate()));
    } catch (BadPem e) {
      LOG.atWarn()
          .addKeyValue("file", shelf.place("tls.crt"))
          .addKeyValue("reason", e.getMessage())
          .log("the kept certificate cannot be used, asking for a new one");
      return Optional.empty();
    }
  }

  void keepCertificate(Credential credential) {
    shelf.write("tls.crt", credential.certificatePem());
  }

  /// Whom to believe to be the hub: what the hub itself has told, as long as the person who set up
  /// the agent has not given other certificates since.
  ///
  /// @param given by the bootstrap kubeconfig
  String trust(String given) {
    return text("ca-given.crt").orElse("").equals(given.strip())
        ? text("ca.crt").filter(pem -> !pem.isEmpty()).orElse(given)
        : given;
  }

  /// Keeps what the hub told.
  void keepTrust(String given, String told) {
    shelf.write("ca.crt", told);
    shelf.write("ca-given.crt", given);
  }

  private String drawName() {
    var name = new StringBuilder();
    for (var i = 0; i < AGENT_NAME_CHARS; i++) {
      name.append(SAFE.charAt(host.random().nextInt(SAFE.length())));
    }
    return name.toString();
  }

  private void keep(String file, String value) {
    if (!text(file).orElse("").equals(value)) {
      shelf.write(file, value);
    }
  }

  private Optional<String> text(String file) {
    return shelf.read(file);
  }
}
