package io.nave.registration.agent;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.controllers.ApiClient;
import io.nave.registration.api.HubKinds;
import io.nave.runtime.Disk;
import io.nave.runtime.Transport;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;

/// Where an agent keeps small texts under a name; each is written whole or not at all.
sealed interface Shelf {
  /// @throws io.nave.runtime.Disk.DiskFailure when it cannot be read
  Optional<String> read(String name);

  /// @throws io.nave.runtime.Disk.DiskFailure when it cannot be kept
  void write(String name, String text);

  /// For messages.
  String place(String name);

  /// Files of a folder.
  record Folder(Disk disk, Path folder) implements Shelf {
    @Override
    public Optional<String> read(String name) {
      return disk.read(folder.resolve(name))
          .map(bytes -> new String(bytes, StandardCharsets.UTF_8).strip());
    }

    @Override
    public void write(String name, String text) {
      disk.write(folder.resolve(name), text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String place(String name) {
      return folder.resolve(name).toString();
    }
  }

  /// Keys of a Secret of the agent's own cluster, as upstream's agents keep them: what is there
  /// survives the agent's machine. The Secret is made when it is not there.
  record InSecret(ApiClient cluster, Key secret) implements Shelf {
    @Override
    public Optional<String> read(String name) {
      return found()
          .map(found -> found.json().path("data").path(name).asString(""))
          .filter(text -> !text.isEmpty())
          .map(
              text -> new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8).strip());
    }

    @Override
    public void write(String name, String text) {
      var data = Json.object();
      data.put(name, Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
      try {
        if (cluster.find(HubKinds.SECRET, secret).isEmpty()) {
          cluster.create(
              HubKinds.SECRET,
              ApiObject.named(HubKinds.SECRET, secret.namespace(), secret.name())
                  .edit(tree -> tree.put("type", "Opaque").set("data", data)));
        } else {
          cluster.patch(HubKinds.SECRET, secret, "", Patch.merge(body -> body.set("data", data)));
        }
      } catch (ApiError | Transport.Unreachable e) {
        throw failure("written", e);
      }
    }

    private Optional<ApiObject> found() {
      try {
        return cluster.find(HubKinds.SECRET, secret);
      } catch (ApiError | Transport.Unreachable e) {
        throw failure("read", e);
      }
    }

    /// Not to be taken for what the hub says.
    private Disk.DiskFailure failure(String done, RuntimeException why) {
      return new Disk.DiskFailure(
          "Secret %s of the cluster cannot be %s: %s".formatted(secret, done, why.getMessage()));
    }

    @Override
    public String place(String name) {
      return "Secret " + secret + " key " + name;
    }
  }
}
