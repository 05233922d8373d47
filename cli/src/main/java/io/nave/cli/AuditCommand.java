package io.nave.cli;

import io.nave.apiserver.audit.AuditVerification;
import io.nave.hub.Hub;
import io.nave.runtime.RealHost;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `nave audit`: the hub's audit log.
@Command(
    name = "audit",
    mixinStandardHelpOptions = true,
    description = "Look after the hub's audit log.",
    subcommands = AuditCommand.Verify.class)
final class AuditCommand implements Runnable {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "audit what? verify");
  }

  /// `nave audit verify`: was anything changed or taken away?
  @Command(
      name = "verify",
      mixinStandardHelpOptions = true,
      description =
          "Check that no entry of the audit log was changed or taken away. Note the hash it prints"
              + " elsewhere: it proves everything up to there.")
  static final class Verify implements Runnable {
    @Option(
        names = "--data-dir",
        paramLabel = "DIR",
        description = "The hub's data folder. Default: ~/.nave/hub.")
    private @Nullable Path dataFolder;

    @Override
    public void run() {
      var data = dataFolder == null ? HubAccess.defaultDataFolder() : dataFolder;
      var folder = Hub.auditFolder(data);
      try (var host = RealHost.start("audit")) {
        var found = AuditVerification.of(host.disk(), folder);
        if (!found.whole()) {
          throw new CommandFault(folder + ": " + found.fault());
        }
        if (found.entries() == 0) {
          throw new CommandFault(folder + " holds no audit log; name the hub's --data-dir");
        }
        System.out.printf(
            "whole: %d entries, %d to %d%s, last hash %s%n",
            found.entries(),
            found.first(),
            found.last(),
            found.first() > 1 ? " (older files are gone)" : "",
            found.hash());
      }
    }
  }
}
