package io.nave.agent.work;

import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.controllers.ApiClient;
import io.nave.runtime.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A client on a line that can be cut, and that remembers what was written over it.
final class Line implements ApiClient {
  private final ApiClient client;
  private volatile boolean cut;

  /// What the server makes of an object that is written; may throw what it refuses with.
  volatile UnaryOperator<ApiObject> server = UnaryOperator.identity();

  /// `verb resource key`, in order.
  final List<String> writes = new ArrayList<>();

  Line(ApiClient client) {
    this.client = client;
  }

  void cut() {
    cut = true;
  }

  void mend() {
    cut = false;
  }

  @Override
  public ApiObject get(ResourceType type, Key key) {
    check();
    return client.get(type, key);
  }

  @Override
  public Listing list(ResourceType type, String namespace, Selection selection) {
    check();
    return client.list(type, namespace, selection);
  }

  @Override
  public ApiObject create(ResourceType type, ApiObject object) {
    write("create", type, object.key());
    return client.create(type, server.apply(object));
  }

  @Override
  public ApiObject update(ResourceType type, ApiObject object, String subresource) {
    write("update", type, object.key());
    return client.update(type, server.apply(object), subresource);
  }

  @Override
  public ApiObject patch(ResourceType type, Key key, String subresource, Patch patch) {
    write("patch", type, key);
    return client.patch(type, key, subresource, patch);
  }

  @Override
  public void delete(ResourceType type, Key key, @Nullable String uid) {
    write("delete", type, key);
    client.delete(type, key, uid);
  }

  @Override
  public ApiClient dryRun() {
    check();
    return client.dryRun();
  }

  @Override
  public List<Optional<ApiObject>> commit(List<Write> writes) {
    check();
    return client.commit(writes);
  }

  @Override
  public Watch watch(
      ResourceType type, String namespace, Selection selection, String resourceVersion) {
    check();
    var watch = client.watch(type, namespace, selection, resourceVersion);
    return new Watch() {
      @Override
      public @Nullable Event next(Duration atMost) {
        check();
        var event =
            watch.next(
                atMost.compareTo(Duration.ofSeconds(1)) < 0 ? atMost : Duration.ofSeconds(1));
        check();
        return event;
      }

      @Override
      public boolean ended() {
        return watch.ended();
      }

      @Override
      public void close() {
        watch.close();
      }
    };
  }

  private void write(String verb, ResourceType type, Key key) {
    check();
    writes.add(verb + " " + type.plural() + " " + key);
  }

  private void check() {
    if (cut) {
      throw new Transport.Unreachable("the line is cut", null);
    }
  }
}
