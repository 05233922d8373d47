package io.nave.cli;

import io.nave.hub.HubStore;
import io.nave.runtime.RealHost;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `nave restore`: puts a backup into a data folder.
@Command(
    name = "restore",
    mixinStandardHelpOptions = true,
    description = {
      "Put a backup into the data folder of a hub that does not run.",
      "Every row is checked before anything is changed. The hub goes on at a much higher revision, so"
          + " that clients of its earlier life list anew."
    })
final class RestoreCommand implements Runnable {
  @Option(
      names = "--from",
      required = true,
      paramLabel = "FILE",
      description = "What nave backup wrote.")
  private Path backup = Path.of("");

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "The data folder. Default: ~/.nave/hub.")
  private @Nullable Path dataFolder;

  @Option(names = "--force", description = "Replace the store that is there.")
  private boolean force;

  @Option(
      names = "--encryption-keys",
      paramLabel = "FILE",
      description =
          "The key file of the hub that was backed up; copied into the data folder. Default:"
              + " encryption.keys there.")
  private @Nullable Path keys;

  @Override
  public void run() {
    try (var host = RealHost.start("restore")) {
      var folder = dataFolder == null ? HubAccess.defaultDataFolder() : dataFolder;
      var content =
          HubStore.restore(host, backup.toAbsolutePath(), folder.toAbsolutePath(), keys, force);
      System.out.println(
          "restored %d objects at revision %d into %s"
              .formatted(content.objects(), content.revision(), folder));
    }
  }
}
