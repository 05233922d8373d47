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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A client on a line that can be cut, that can lose answers and send twice, and that remembers
/// what was written over it.
final class Line implements ApiClient {
  /// Whom writes were tried out as.
  final Set<String> triedAs = new TreeSet<>();

  private final ApiClient client;
  private volatile boolean cut;

  /// What the server makes of an object that is written; may throw what it refuses with.
  volatile UnaryOperator<ApiObject> server = UnaryOperator.identity();

  /// Shown every patch.
  volatile Consumer<Patch> patches = _ -> {};

  /// Decides which writes arrive twice and which answers get lost; null: none.
  volatile @Nullable Random noise;

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
    var sent = server.apply(object);
    return sent(() -> client.create(type, sent));
  }

  @Override
  public ApiObject update(ResourceType type, ApiObject object, String subresource) {
    write("update", type, object.key());
    var sent = server.apply(object);
    return sent(() -> client.update(type, sent, subresource));
  }

  @Override
  public ApiObject patch(ResourceType type, Key key, String subresource, Patch patch) {
    write("patch", type, key);
    patches.accept(patch);
    return sent(() -> client.patch(type, key, subresource, patch));
  }

  @Override
  public void delete(ResourceType type, Key key, @Nullable String uid) {
    write("delete", type, key);
    sent(() -> {
      client.delete(type, key, uid);
      return key;
    });
  }

  @Override
  public ApiClient dryRun() {
    check();
    return client.dryRun();
  }

  @Override
  public ApiClient dryRunAs(String user) {
    check();
    triedAs.add(user);
    return client.dryRunAs(user);
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

  /// Delivers once, or twice, and brings the answer back, or not.
  private <T> T sent(Supplier<T> request) {
    var answer = request.get();
    var luck = noise;
    if (luck != null && luck.nextInt(8) == 0) {
      try {
        request.get();
      } catch (ApiError e) {
        // nobody hears of it
      }
    }
    if (luck != null && luck.nextInt(8) == 0) {
      throw new Transport.Unreachable("the answer got lost", null);
    }
    return answer;
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
