package io.nave.cli;

import io.nave.cli.Bootstraps.Bootstrap;
import java.time.Duration;
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
      names = {"-o", "--output"},
      paramLabel = "FORM",
      description =
          "text: the token and the join command; kubeconfig: a file for 'nave join --bootstrap' and"
              + " for upstream agents. Default: text.")
  private Form form = Form.TEXT;

  @Override
  public void run() {
    hub.use((host, client, config) -> print(Bootstraps.create(host, client, config, lifetime)));
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
        System.out.println("  nave get token -o kubeconfig > bootstrap.kubeconfig");
        System.out.println(
            "  nave join --name NAME --bootstrap bootstrap.kubeconfig --kubeconfig CLUSTER");
      }
    }
  }
}
