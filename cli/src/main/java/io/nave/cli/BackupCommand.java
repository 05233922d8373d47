package io.nave.cli;

import io.nave.hub.HubStore;
import io.nave.runtime.RealHost;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `nave backup`: copies what a hub keeps into one file.
@Command(
    name = "backup",
    mixinStandardHelpOptions = true,
    description = {
      "Copy what a hub keeps in its data folder into one file, while it runs or not.",
      "Run it on the hub's machine, as the user the hub runs as. The file holds every object as of"
          + " one moment and the hub's CA; Secrets and keys in it are encrypted with the hub's"
          + " encryption keys, which are not in it: keep encryption.keys elsewhere. A hub on an etcd is"
          + " backed up by etcdctl snapshot save."
    })
final class BackupCommand implements Runnable {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "The hub's data folder. Default: ~/.nave/hub.")
  private @Nullable Path dataFolder;

  @Option(
      names = "--to",
      paramLabel = "FILE",
      description = "Must not be there yet. Default: nave-backup-TIME.db in this folder.")
  private @Nullable Path target;

  @Option(
      names = "--encryption-keys",
      paramLabel = "FILE",
      description = "The hub's key file. Default: encryption.keys in the data folder.")
  private @Nullable Path keys;

  @Override
  public void run() {
    try (var host = RealHost.start("backup")) {
      var folder = dataFolder == null ? HubAccess.defaultDataFolder() : dataFolder;
      var file =
          target == null ? Path.of("nave-backup-" + TIME.format(host.now()) + ".db") : target;
      var content = HubStore.backup(host, folder.toAbsolutePath(), keys, file.toAbsolutePath());
      System.out.println(
          "backup %s: %d objects at revision %d, checked"
              .formatted(file, content.objects(), content.revision()));
    }
  }
}
