package io.nave.cli;

import io.nave.hub.Hub;
import io.nave.hub.HubConfig;
import io.nave.registration.hub.RegistrationPolicy;
import io.nave.runtime.Parts;
import io.nave.runtime.RealHost;
import io.nave.runtime.SmallHeap;
import io.nave.runtime.Stop;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `nave hub`: runs a hub until it is stopped.
@Command(
    name = "hub",
    mixinStandardHelpOptions = true,
    description = "Run a hub until it is stopped (Ctrl-C).")
final class HubCommand implements Runnable {
  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Where it keeps everything. Default: ~/.nave/hub.")
  private @Nullable Path dataFolder;

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      description = "Address to listen on; port 0 takes any free one. Default: ${DEFAULT-VALUE}.")
  private String listen = "127.0.0.1:" + HubConfig.PORT;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description =
          "A host name or address under which clients reach the hub; repeat for several. The first"
              + " one stands in kubeconfigs.")
  private List<String> names = new ArrayList<>();

  @Option(
      names = "--require-executor",
      description =
          "Let in works and replica sets without an executor, and applications, which agents apply"
              + " with their own rights, only from those with the right execute-as.")
  private boolean executorRequired;

  @Mixin private AuditOptions audit = new AuditOptions();

  @Mixin private OidcOptions oidc = new OidcOptions();

  @Option(
      names = "--auto-accept",
      description =
          "Accept every new cluster, once; one that is denied later stays denied. Default: a person"
              + " accepts each.")
  private boolean autoAccept;

  @Option(
      names = "--auto-approve-user",
      paramLabel = "USER",
      description =
          "Approve this user's requests for a first certificate before the cluster is accepted;"
              + " repeat for several.")
  private List<String> autoApproveUsers = new ArrayList<>();

  @Option(
      names = "--certificate-lifetime",
      paramLabel = "TIME",
      converter = Lifetime.class,
      description =
          "How long an agent's certificate is good, such as 12h or 8760h; at least 10m. Default: a"
              + " year.")
  private @Nullable Duration certificateLifetime;

  @Option(
      names = "--return-within",
      paramLabel = "TIME",
      converter = Lifetime.class,
      description =
          "How long after its certificate's end an agent may come back by proving its key. Default: a"
              + " year.")
  private @Nullable Duration returnWithin;

  @Option(
      names = "--import-provided",
      paramLabel = "IMAGE",
      description =
          "Install this image of the agent into accepted clusters whose kubeconfig Cluster API keeps"
              + " here, in the Secret NAME/NAME-kubeconfig. Default: install none.")
  private @Nullable String importImage;

  private RegistrationPolicy policy() {
    var policy =
        RegistrationPolicy.usual()
            .withAutoAccept(autoAccept)
            .withAutoApproveUsers(Set.copyOf(autoApproveUsers))
            .withImportImage(importImage);
    if (certificateLifetime != null) {
      policy = policy.withCertificateLifetimeMax(certificateLifetime);
    }
    return returnWithin == null ? policy : policy.withReturnWithin(returnWithin);
  }

  @Option(
      names = "--encryption-keys",
      paramLabel = "FILE",
      description =
          "The keys that Secrets are encrypted with. Default: encryption.keys in the data folder,"
              + " made at the first start; with --store there is no default, and no encryption"
              + " without it.")
  private @Nullable Path encryptionKeys;

  @Mixin private EtcdOptions etcd = new EtcdOptions();

  @Override
  public void run() {
    var address = ListenAddress.parse(listen);
    var folder = dataFolder == null ? HubAccess.defaultDataFolder() : dataFolder;
    var config =
        new HubConfig(
            folder.toAbsolutePath(),
            address.host(),
            address.port(),
            names,
            policy(),
            HubConfig.GIT_VERSION,
            oidc.settings(),
            executorRequired,
            audit.policy(),
            audit.keeping());
    var parts = new Parts();
    try (parts) {
      var host = parts.open(RealHost.start("hub"));
      SmallHeap.pace(host);
      var stop = parts.open(Stop.on(host));
      var hub = parts.open(Hub.start(host, config.withStore(etcd.settings(host), encryptionKeys)));
      System.out.println(
          "hub ready at "
              + hub.administrator().server()
              + ", administrator kubeconfig "
              + hub.administratorFile());
      stop.await();
    }
  }
}
