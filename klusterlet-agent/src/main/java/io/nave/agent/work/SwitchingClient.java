package io.nave.agent.work;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.controllers.ApiClient;
import io.nave.runtime.Transport;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The hub, through whatever client is the right one now: none before the first certificate, and a
/// new one after each rotation. Also notices whether the hub answers.
///
/// Calls before the first [#use] fail as [Transport.Unreachable], as calls to an absent hub do.
public final class SwitchingClient implements ApiClient {
  private final AtomicReference<@Nullable ApiClient> current = new AtomicReference<>();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private volatile boolean connected;

  /// Sends all further calls to `client`.
  public void use(ApiClient client) {
    current.set(client);
  }

  /// Has `listener` called, from the task of the call that noticed, each time the hub answers again
  /// after it did not. It must return quickly.
  public void onConnected(Runnable listener) {
    listeners.add(listener);
  }

  /// Whether the last call was answered.
  public boolean connected() {
    return connected;
  }

  @Override
  public ApiObject get(ResourceType type, Key key) {
    return noticing(() -> client().get(type, key));
  }

  @Override
  public Listing list(ResourceType type, String namespace, Selection selection) {
    return noticing(() -> client().list(type, namespace, selection));
  }

  @Override
  public ApiObject create(ResourceType type, ApiObject object) {
    return noticing(() -> client().create(type, object));
  }

  @Override
  public ApiObject update(ResourceType type, ApiObject object, String subresource) {
    return noticing(() -> client().update(type, object, subresource));
  }

  @Override
  public ApiObject patch(ResourceType type, Key key, String subresource, Patch patch) {
    return noticing(() -> client().patch(type, key, subresource, patch));
  }

  @Override
  public void delete(ResourceType type, Key key, @Nullable String uid) {
    var _ =
        noticing(() -> {
          client().delete(type, key, uid);
          return key;
        });
  }

  @Override
  public List<Optional<ApiObject>> commit(List<Write> writes) {
    return noticing(() -> client().commit(writes));
  }

  @Override
  public Watch watch(
      ResourceType type, String namespace, Selection selection, String resourceVersion) {
    return new NoticedWatch(
        noticing(() -> client().watch(type, namespace, selection, resourceVersion)));
  }

  private ApiClient client() {
    var client = current.get();
    if (client == null) {
      throw new Transport.Unreachable(
          "there is no credential for the hub yet; registration has to finish first", null);
    }
    return client;
  }

  private <T> T noticing(Supplier<T> call) {
    try {
      var answer = call.get();
      answered();
      return answer;
    } catch (ApiError e) {
      answered();
      throw e;
    } catch (Transport.Unreachable e) {
      connected = false;
      throw e;
    }
  }

  private void answered() {
    if (!connected) {
      connected = true;
      listeners.forEach(Runnable::run);
    }
  }

  private final class NoticedWatch implements Watch {
    private final Watch watch;

    NoticedWatch(Watch watch) {
      this.watch = watch;
    }

    @Override
    public @Nullable Event next(Duration atMost) {
      try {
        var event = watch.next(atMost);
        if (event != null) {
          answered();
        }
        return event;
      } catch (Transport.Unreachable e) {
        connected = false;
        throw e;
      }
    }

    @Override
    public boolean ended() {
      return watch.ended();
    }

    @Override
    public void close() {
      watch.close();
    }
  }
}
