package io.nave.hub;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.nave.apiserver.accounts.AccountKeys;
import io.nave.apiserver.accounts.FileAccountKeys;
import io.nave.apiserver.audit.AuditLog;
import io.nave.apiserver.audit.AuditSink;
import io.nave.apiserver.http.HttpsServer;
import io.nave.apiserver.outbound.Dialer;
import io.nave.apiserver.server.Security;
import io.nave.controllers.Kubeconfig;
import io.nave.registration.hub.AgentInstaller;
import io.nave.runtime.Disk;
import io.nave.runtime.Host;
import io.nave.runtime.Parts;
import io.nave.store.Store;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A hub on this machine: its store and CA in one folder, its API on one port. The composition
/// root.
public final class Hub implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Hub.class);

  private static final String ACCOUNT_KEYS = "service-account-keys";

  private final Parts parts = new Parts();
  private final Host host;
  private final HubKeys keys;
  private final HttpsServer server;
  private final List<String> names;
  private final Path administratorFile;
  private volatile Kubeconfig administrator;

  private Hub(Host host, HubConfig config) {
    this.host = host;
    this.names = names(config);
    this.administratorFile = config.dataFolder().resolve("admin.kubeconfig");
    try {
      var metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
      var store = parts.open(HubStore.open(host, config, metrics));
      requireWhatWasThere(store);
      var alone = config.etcd() == null;
      var home = alone ? config.dataFolder() : Path.of("hub");
      var keeper = alone ? host : new SharedHost(host, StoreDisk.open(host, store));
      var candidate = alone ? null : "hub-" + Long.toHexString(host.secureRandom().nextLong());
      keys = HubKeys.open(keeper, home);
      var tokenKeys = FileAccountKeys.open(keeper, home.resolve(ACCOUNT_KEYS));
      var audit =
          parts.open(
              AuditLog.open(
                  host,
                  auditFolder(config.dataFolder()),
                  config.auditPolicy(),
                  config.auditKeeping(),
                  metrics));
      var core =
          parts.open(
              new HubCore(
                  host,
                  store,
                  candidate,
                  keys,
                  keys::trust,
                  config.policy(),
                  config.gitVersion(),
                  security(host, tokenKeys, config, audit),
                  config.executorRequired(),
                  metrics));
      server =
          parts.open(
              HttpsServer.start(
                  HttpsServer.Settings.of(config.address(), config.port()),
                  keys.serving(names),
                  core.door(),
                  host));
      administrator = writeAdministrator();
      keys.onReplace(this::showNewKeys);
      core.begin(installer(core, config)); // what was asked for first is served first
      var renewal = host.start("serving-certificate", this::keepServingCertificateYoung);
      parts.open(renewal::cancel);
      LOG.atInfo()
          .addKeyValue("url", administrator.server())
          .addKeyValue("data_folder", config.dataFolder())
          .log("hub ready");
    } catch (RuntimeException e) {
      throw parts.closeAfter(e);
    }
  }

  /// A hub that lost its store would tell its agents that there is nothing for them to run (spec
  /// §14 row 21).
  private void requireWhatWasThere(Store store) {
    if (host.disk().read(administratorFile).isPresent() && store.view().buckets().isEmpty()) {
      throw new Disk.DiskFailure(
          "a hub ran here before (%s), and its store is empty now: restore a backup (nave restore), or"
                  .formatted(administratorFile)
              + " name the store it had (--store); to begin with an empty one all the same, remove that"
              + " file");
    }
  }

  /// Starts a hub; it serves when this returns.
  ///
  /// @throws io.nave.runtime.Disk.DiskFailure when the data folder is in use or cannot be used, or
  ///   its store is empty although a hub ran there before
  /// @throws io.nave.store.StoreBroken when what is in it cannot be trusted
  /// @throws io.nave.apiserver.http.ListenFailure when the port cannot be had
  public static Hub start(Host host, HubConfig config) {
    return new Hub(host, config);
  }

  /// Where a hub with that data folder writes its audit log.
  public static Path auditFolder(Path dataFolder) {
    return dataFolder.resolve("audit");
  }

  private static Security security(Host host, AccountKeys keys, HubConfig config, AuditSink audit) {
    return Security.plain(host)
        .withAccountKeys(keys)
        .withOidc(config.oidc())
        .withAudit(audit)
        .withDialer(Dialer.https(host));
  }

  private Kubeconfig writeAdministrator() {
    var login = keys.administrator();
    var config =
        Kubeconfig.of(
            "nave",
            "https://" + hostPart(names.getFirst()) + ":" + server.port(),
            keys.trust().toPem(),
            new Kubeconfig.Login.Certificate(login.certificatePem(), login.keyPem()));
    host.disk().write(administratorFile, config.write().getBytes(StandardCharsets.UTF_8));
    return config;
  }

  private @Nullable AgentInstaller installer(HubCore core, HubConfig config) {
    var image = config.policy().importImage();
    return image == null
        ? null
        : new ProvidedClusters(host, core.client("import"), image, this::administrator);
  }

  /// After the authority was replaced.
  private void showNewKeys() {
    server.updateTls(keys.serving(names));
    administrator = writeAdministrator();
  }

  private void keepServingCertificateYoung() {
    while (true) {
      host.sleep(HubKeys.SERVING_AGE_MAX);
      server.updateTls(keys.serving(names));
    }
  }

  private static List<String> names(HubConfig config) {
    var names = new LinkedHashSet<String>(config.names());
    if (!config.address().equals("0.0.0.0") && !config.address().equals("::")) {
      names.add(config.address());
    }
    names.add("127.0.0.1");
    names.add("localhost");
    return new ArrayList<>(names);
  }

  /// An IPv6 address stands in brackets in a URL.
  private static String hostPart(String name) {
    return name.contains(":") ? "[" + name + "]" : name;
  }

  /// How its administrator reaches it.
  public Kubeconfig administrator() {
    return administrator;
  }

  /// Where that stands as a kubeconfig file.
  public Path administratorFile() {
    return administratorFile;
  }

  @Override
  public void close() {
    parts.close();
  }
}
