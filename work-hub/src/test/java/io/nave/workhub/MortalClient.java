package io.nave.workhub;

import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.controllers.ApiClient;
import io.nave.runtime.Transport;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The API as a process sees it that dies right after one of its writes: that write is stored, its
/// answer is lost, and nothing comes after it.
final class MortalClient implements ApiClient {
  private final ApiClient api;
  private int left = Integer.MAX_VALUE;

  MortalClient(ApiClient api) {
    this.api = api;
  }

  /// Lets it make so many writes more, the last of which is never answered.
  void dieAfter(int writes) {
    left = writes;
  }

  boolean dead() {
    return left <= 0;
  }

  private <T> T read(Supplier<T> call) {
    if (dead()) {
      throw new Transport.Unreachable("this process is dead", null);
    }
    return call.get();
  }

  private <T> T write(Supplier<T> call) {
    var answer = read(call);
    left--;
    return read(() -> answer);
  }

  @Override
  public ApiObject get(ResourceType type, Key key) {
    return read(() -> api.get(type, key));
  }

  @Override
  public Listing list(ResourceType type, String namespace, Selection selection) {
    return read(() -> api.list(type, namespace, selection));
  }

  @Override
  public ApiObject create(ResourceType type, ApiObject object) {
    return write(() -> api.create(type, object));
  }

  @Override
  public ApiObject update(ResourceType type, ApiObject object, String subresource) {
    return write(() -> api.update(type, object, subresource));
  }

  @Override
  public ApiObject patch(ResourceType type, Key key, String subresource, Patch patch) {
    return write(() -> api.patch(type, key, subresource, patch));
  }

  @Override
  public void delete(ResourceType type, Key key, @Nullable String uid) {
    write(() -> {
      api.delete(type, key, uid);
      return key;
    });
  }

  @Override
  public List<Optional<ApiObject>> commit(List<Write> writes) {
    return write(() -> api.commit(writes));
  }

  @Override
  public Watch watch(
      ResourceType type, String namespace, Selection selection, String resourceVersion) {
    return read(() -> api.watch(type, namespace, selection, resourceVersion));
  }
}
