package io.nave.hub;

import io.micrometer.core.instrument.MeterRegistry;
import io.nave.runtime.Disk;
import io.nave.runtime.Host;
import io.nave.store.EmbeddedStore;
import io.nave.store.EncryptionKeys;
import io.nave.store.EtcdEngine;
import io.nave.store.Limits;
import io.nave.store.Sealer;
import io.nave.store.SqliteEngine;
import io.nave.store.Store;
import io.nave.store.StoreBackup;
import io.nave.store.StoreUnreachable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Where a hub's objects are, and how what is secret of them is encrypted there.
///
/// Secrets are encrypted with the keys of a file of mode 0600: `encryption.keys` in the data
/// folder, beside the folder `store`, or another one. It is made at the first start of a hub that
/// keeps its objects there; hubs on one etcd share what is in there, so each has to be given the
/// same file.
public final class HubStore {
  /// What is encrypted: the kinds that hold nothing but secrets.
  private static final Set<String> SECRET = Set.of("secrets");

  private static final String KEYS = "encryption.keys";
  private static final String STORE = "store";

  /// What a backup holds beside the objects: without these all agents would have to join again.
  private static final List<String> FILES = List.of("ca.crt", "ca.key", "ca.pem");

  private static final String ACCOUNT_KEYS = "service-account-keys";

  private HubStore() {}

  static Store open(Host host, HubConfig config, MeterRegistry metrics) {
    var etcd = config.etcd();
    if (etcd != null) {
      var given = config.encryptionKeys();
      var sealer = given == null ? Sealer.none() : sealer(host, given);
      try {
        return EmbeddedStore.open(
            host, EtcdEngine.open(host, etcd), Limits.defaults(), sealer, metrics);
      } catch (StoreUnreachable e) {
        throw EtcdFault.explained(e, etcd);
      }
    }
    // The store takes the folder for this process alone, before anything in it is read or made.
    var engine = SqliteEngine.open(host, config.dataFolder().resolve(STORE));
    try {
      var file = keys(config.dataFolder(), config.encryptionKeys());
      if (config.encryptionKeys() == null && host.disk().read(file).isEmpty()) {
        host.disk().write(file, EncryptionKeys.renewed(host.secureRandom(), null));
      }
      return EmbeddedStore.open(host, engine, Limits.defaults(), sealer(host, file), metrics);
    } catch (RuntimeException e) {
      engine.close();
      throw e;
    }
  }

  private static Path keys(Path dataFolder, @Nullable Path given) {
    return given == null ? dataFolder.resolve(KEYS) : given;
  }

  private static Sealer sealer(Host host, Path file) {
    var bytes =
        host.disk()
            .read(file)
            .orElseThrow(() ->
                new Disk.DiskFailure(
                    "there is no key file " + file + ": put it there, or name another one"));
    return Sealer.of(EncryptionKeys.parse(file.toString(), bytes), SECRET, host.secureRandom());
  }

  private static StoreBackup backups(Host host, Path dataFolder, @Nullable Path keys) {
    var file = keys(dataFolder, keys);
    var none = keys == null && host.disk().read(file).isEmpty();
    return new StoreBackup(host, none ? Sealer.none() : sealer(host, file));
  }

  /// Copies what a hub keeps in its data folder into one file, whether or not it runs.
  ///
  /// @param keys the hub's key file; null: that in the data folder
  public static StoreBackup.Content backup(
      Host host, Path dataFolder, @Nullable Path keys, Path target) {
    var backups = backups(host, dataFolder, keys);
    var names = new ArrayList<>(FILES);
    for (var file : host.disk().list(dataFolder.resolve(ACCOUNT_KEYS))) {
      names.add(dataFolder.relativize(file).toString());
    }
    return backups.write(dataFolder.resolve(STORE), target, backups.files(dataFolder, names));
  }

  /// Puts a backup into a data folder.
  ///
  /// @param keys the key file that the backed up hub had; null: that in the data folder
  /// @param force whether a store that is there is replaced
  public static StoreBackup.Content restore(
      Host host, Path backup, Path dataFolder, @Nullable Path keys, boolean force) {
    var backups = backups(host, dataFolder, keys);
    var content = backups.read(backup);
    backups
        .restore(backup, dataFolder.resolve(STORE), force)
        .forEach((name, bytes) -> host.disk().write(dataFolder.resolve(name), bytes));
    var given = keys;
    if (given != null && !given.equals(dataFolder.resolve(KEYS))) {
      host.disk()
          .read(given)
          .ifPresent(bytes -> host.disk().write(dataFolder.resolve(KEYS), bytes));
    }
    return content;
  }

  /// Puts a new key before those of a hub's key file. The hub encrypts with it from its next start
  /// on, and what is there anew during that start.
  ///
  /// @return the ids of the keys, newest first
  public static List<String> rotate(Host host, Path dataFolder, @Nullable Path keys) {
    var file = keys(dataFolder, keys);
    var older = host.disk().read(file);
    older.ifPresent(bytes -> EncryptionKeys.parse(file.toString(), bytes));
    var next = EncryptionKeys.renewed(host.secureRandom(), older.orElse(null));
    host.disk().write(file, next);
    return EncryptionKeys.parse(file.toString(), next).ids();
  }
}
