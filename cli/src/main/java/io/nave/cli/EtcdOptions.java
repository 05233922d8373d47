package io.nave.cli;

import io.nave.certs.Credential;
import io.nave.certs.TrustBundle;
import io.nave.runtime.Host;
import io.nave.store.EtcdSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where the objects are when they are in an etcd; the TLS options are named as kube-apiserver
/// names them.
final class EtcdOptions {
  private static final String SCHEME = "etcd://";

  @Option(
      names = "--store",
      paramLabel = "etcd://HOST:PORT[,HOST:PORT...]",
      description =
          "Keep the objects in this etcd instead of the data folder. Hubs with the same etcd are"
              + " replicas of one hub: all serve, one runs the controllers.")
  private @Nullable String store;

  @Option(
      names = "--etcd-prefix",
      paramLabel = "PREFIX",
      description = "What all keys in etcd begin with. Default: ${DEFAULT-VALUE}.")
  private String prefix = "/nave";

  @Option(
      names = "--etcd-cafile",
      paramLabel = "FILE",
      description = "PEM certificates of those who sign etcd's; speaks TLS to etcd.")
  private @Nullable Path authorities;

  @Option(
      names = "--etcd-certfile",
      paramLabel = "FILE",
      description = "PEM certificate to show to etcd; needs --etcd-keyfile and --etcd-cafile.")
  private @Nullable Path certificate;

  @Option(
      names = "--etcd-keyfile",
      paramLabel = "FILE",
      description = "PEM private key of --etcd-certfile.")
  private @Nullable Path key;

  @Option(
      names = "--etcd-max-txn-ops",
      paramLabel = "N",
      description =
          "As etcd's option of that name; larger commits are written in several transactions."
              + " Default: ${DEFAULT-VALUE}.")
  private int operations = 128;

  /// @return null when the objects are in the data folder
  /// @throws CommandFault when what was given does not fit together
  @Nullable EtcdSettings settings(Host host) {
    if (store == null) {
      if (authorities != null || certificate != null || key != null) {
        throw new CommandFault("--etcd-... options say how to reach an etcd: name it by --store");
      }
      return null;
    }
    try {
      return EtcdSettings.of(endpoints(store), tls(host))
          .withPrefix(prefix)
          .withOperationsMax(operations);
    } catch (IllegalArgumentException e) {
      throw new CommandFault(String.valueOf(e.getMessage()));
    }
  }

  private List<String> endpoints(String text) {
    if (!text.startsWith(SCHEME)) {
      throw new CommandFault("--store should be like etcd://10.0.0.1:2379, was '" + text + "'");
    }
    var scheme = authorities == null ? "http://" : "https://";
    var endpoints = new ArrayList<String>();
    for (var each : text.substring(SCHEME.length()).split(",", -1)) {
      if (!each.matches("(\\[[0-9a-fA-F:]+\\]|[^:/\\s\\[\\]]+):[0-9]{1,5}")) {
        throw new CommandFault("--store should name HOST:PORT, was '" + each + "'");
      }
      endpoints.add(scheme + each);
    }
    return endpoints;
  }

  private EtcdSettings.@Nullable Tls tls(Host host) {
    if ((certificate == null) != (key == null)) {
      throw new CommandFault("--etcd-certfile and --etcd-keyfile belong together: give both");
    }
    if (authorities == null) {
      if (certificate != null) {
        throw new CommandFault(
            "--etcd-certfile needs --etcd-cafile: whom else would it be shown to");
      }
      return null;
    }
    var trusted = TrustBundle.ofPem(HubAccess.read(host, authorities)).authorities();
    if (certificate == null || key == null) {
      return new EtcdSettings.Tls(trusted, List.of(), null);
    }
    var login = Credential.of(HubAccess.read(host, certificate), HubAccess.read(host, key));
    return new EtcdSettings.Tls(trusted, login.chain(), login.key());
  }
}
