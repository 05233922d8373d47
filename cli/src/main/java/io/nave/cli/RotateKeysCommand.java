package io.nave.cli;

import io.nave.hub.HubStore;
import io.nave.runtime.RealHost;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `nave rotate-keys`: a new key for the Secrets of a hub.
@Command(
    name = "rotate-keys",
    mixinStandardHelpOptions = true,
    description = {
      "Put a new key before those that a hub's Secrets are encrypted with.",
      "The hub encrypts all of them anew when it is started next; older keys may be removed from the"
          + " file after that, once no backup needs them."
    })
final class RotateKeysCommand implements Runnable {
  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "The hub's data folder. Default: ~/.nave/hub.")
  private @Nullable Path dataFolder;

  @Option(
      names = "--encryption-keys",
      paramLabel = "FILE",
      description = "The hub's key file. Default: encryption.keys in the data folder.")
  private @Nullable Path keys;

  @Override
  public void run() {
    try (var host = RealHost.start("rotate-keys")) {
      var folder = dataFolder == null ? HubAccess.defaultDataFolder() : dataFolder;
      var ids = HubStore.rotate(host, folder.toAbsolutePath(), keys);
      System.out.println("keys, newest first: " + String.join(", ", ids) + "; restart the hub");
    }
  }
}
