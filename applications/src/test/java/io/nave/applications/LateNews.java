package io.nave.applications;

import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.controllers.ApiClient;
import io.nave.runtime.Host;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// A client whose watches tell nothing as long as that is wanted, and then everything: the caches
/// that follow them are behind what is stored.
///
/// @param held whether watches tell nothing
record LateNews(ApiClient client, Host host, AtomicBoolean held) implements ApiClient {
  private static final Duration LOOK = Duration.ofMillis(100);

  @Override
  public Watch watch(ResourceType type, String namespace, Selection selection, String revision) {
    return new LateWatch(client.watch(type, namespace, selection, revision), this);
  }

  private record LateWatch(Watch watch, LateNews news) implements Watch {
    @Override
    public @Nullable Event next(Duration atMost) {
      var next = watch.next(atMost);
      while (news.held().get()) {
        news.host().sleep(LOOK);
      }
      return next;
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

  @Override
  public ApiObject get(ResourceType type, Key key) {
    return client.get(type, key);
  }

  @Override
  public Listing list(ResourceType type, String namespace, Selection selection) {
    return client.list(type, namespace, selection);
  }

  @Override
  public ApiObject create(ResourceType type, ApiObject object) {
    return client.create(type, object);
  }

  @Override
  public ApiObject update(ResourceType type, ApiObject object, String subresource) {
    return client.update(type, object, subresource);
  }

  @Override
  public ApiObject patch(ResourceType type, Key key, String subresource, Patch patch) {
    return client.patch(type, key, subresource, patch);
  }

  @Override
  public void delete(ResourceType type, Key key, @Nullable String uid) {
    client.delete(type, key, uid);
  }

  @Override
  public List<Optional<ApiObject>> commit(List<Write> writes) {
    return client.commit(writes);
  }
}
