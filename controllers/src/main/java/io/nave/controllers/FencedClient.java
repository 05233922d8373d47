package io.nave.controllers;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A client whose writes are refused while it may not write; reads always pass.
final class FencedClient implements ApiClient {
  private final ApiClient client;
  private final BooleanSupplier mayWrite;

  FencedClient(ApiClient client, BooleanSupplier mayWrite) {
    this.client = client;
    this.mayWrite = mayWrite;
  }

  private ApiClient writing() {
    if (!mayWrite.getAsBoolean()) {
      throw ApiError.unavailable("this process does not lead any more: another one does the work");
    }
    return client;
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
  public Watch watch(
      ResourceType type, String namespace, Selection selection, String resourceVersion) {
    return client.watch(type, namespace, selection, resourceVersion);
  }

  @Override
  public ApiObject create(ResourceType type, ApiObject object) {
    return writing().create(type, object);
  }

  @Override
  public ApiObject update(ResourceType type, ApiObject object, String subresource) {
    return writing().update(type, object, subresource);
  }

  @Override
  public ApiObject patch(ResourceType type, Key key, String subresource, Patch patch) {
    return writing().patch(type, key, subresource, patch);
  }

  @Override
  public void delete(ResourceType type, Key key, @Nullable String uid) {
    writing().delete(type, key, uid);
  }

  @Override
  public ApiObject ask(
      ResourceType type, Key key, String subresource, @Nullable ApiObject question) {
    return writing().ask(type, key, subresource, question);
  }

  @Override
  public List<Optional<ApiObject>> commit(List<Write> writes) {
    return writing().commit(writes);
  }
}
