package io.nave.cli;

import io.nave.api.Codec;
import io.nave.api.Key;
import io.nave.api.Resource;
import io.nave.api.ResourceType;
import io.nave.controllers.ApiClient;
import io.nave.registration.api.ManagedCluster;
import io.nave.work.ManifestWork;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `nave why`: why something is not as it should be.
@Command(
    name = "why",
    mixinStandardHelpOptions = true,
    description = "Say why something is not ready: cause and next step, on one screen.",
    subcommands = WhyCommand.Work.class)
final class WhyCommand implements Runnable {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "why what? work NAME -n CLUSTER");
  }

  /// `nave why work`.
  @Command(
      name = "work",
      mixinStandardHelpOptions = true,
      description = "Why a ManifestWork is not ready in its cluster.")
  static final class Work implements Runnable {
    @Mixin private HubAccess hub = new HubAccess();

    @Parameters(paramLabel = "NAME", description = "The work.")
    private String name = "";

    @Option(
        names = {"-n", "--cluster"},
        required = true,
        paramLabel = "CLUSTER",
        description = "The cluster, which is the work's namespace.")
    private String cluster = "";

    @Override
    public void run() {
      hub.use((host, client, config) -> {
        var managed = find(client, Key.of(cluster), ManagedCluster.class);
        var work = find(client, Key.of(cluster, name), ManifestWork.class);
        var findings = WhyWork.findings(cluster, name, managed, work);
        WhyWork.lines(cluster, name, findings).forEach(System.out::println);
      });
    }

    private static <R extends Resource> @Nullable R find(ApiClient client, Key key, Class<R> type) {
      return client
          .find(ResourceType.of(type), key)
          .map(object -> Codec.decode(object, type))
          .orElse(null);
    }
  }
}
