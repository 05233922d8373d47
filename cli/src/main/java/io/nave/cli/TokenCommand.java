package io.nave.cli;

import io.nave.cli.Bootstraps.Bootstrap;
import io.nave.registration.hub.BootstrapTokens;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `nave get token`: what a cluster's agent needs to ask to join.
@Command(
    name = "token",
    mixinStandardHelpOptions = true,
    description = {
      "Make a bootstrap token: it lets an agent ask to join, nothing more, and expires.",
      "It is shown once."
    })
final class TokenCommand implements Runnable {
  /// How the token is written.
  enum Form {
    TEXT,
    KUBECONFIG
  }

  @Mixin private final HubAccess hub = new HubAccess();

  @Option(
      names = "--ttl",
      paramLabel = "TIME",
      converter = Lifetime.class,
      description = "How long it is good for, such as 30m or 1h. Default: 1h.")
  private Duration lifetime = Duration.ofHours(1);

  @Option(
      names = "--cluster",
      paramLabel = "NAME",
      description = "It lets this cluster ask and no other. Default: any.")
  private @Nullable String cluster;

  @Option(
      names = "--once",
      description = "It lets one cluster in, and is gone when that has its certificate.")
  private boolean once;

  @Option(
      names = "--cluster-set",
      paramLabel = "SET",
      description =
          "Clusters may join this set when they ask ('nave join --cluster-set'); repeat for several."
              + " Default: the default set only.")
  private List<String> sets = new ArrayList<>();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORM",
      description =
          "text: the token and the join command; kubeconfig: a file for 'nave join --bootstrap' and"
              + " for upstream agents. Default: text.")
  private Form form = Form.TEXT;

  @Override
  public void run() {
    try {
      var wish = new BootstrapTokens.Wish(lifetime, cluster, once, sets);
      hub.use((host, client, config) -> print(Bootstraps.create(host, client, config, wish)));
    } catch (IllegalArgumentException e) {
      throw new CommandFault(String.valueOf(e.getMessage()));
    }
  }

  private void print(Bootstrap bootstrap) {
    switch (form) {
      case KUBECONFIG -> System.out.print(bootstrap.config().write());
      case TEXT -> {
        System.out.println("token:   " + bootstrap.token());
        System.out.println("hub:     " + bootstrap.config().server());
        System.out.println("expires: " + bootstrap.expires());
        System.out.println();
        System.out.println("Join a cluster with it:");
        System.out.println("  nave get token" + wishes() + " -o kubeconfig > bootstrap.kubeconfig");
        System.out.println(
            "  nave join --name %s --bootstrap bootstrap.kubeconfig --kubeconfig CLUSTER"
                .formatted(cluster == null ? "NAME" : cluster));
      }
    }
  }

  /// The options that say what the token is for, as they were given.
  private String wishes() {
    var words = new StringBuilder();
    if (cluster != null) {
      words.append(" --cluster ").append(cluster);
    }
    if (once) {
      words.append(" --once");
    }
    sets.forEach(set -> words.append(" --cluster-set ").append(set));
    return words.toString();
  }
}
