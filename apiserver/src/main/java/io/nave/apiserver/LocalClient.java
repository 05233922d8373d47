package io.nave.apiserver;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.controllers.ApiClient;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The API for a part of this process: the same verbs, checks and errors as over the wire, without
/// the wire.
public final class LocalClient implements ApiClient {
  private final Api api;
  private final Caller caller;
  private final Api.Options options;

  /// @param caller as whom every call is made
  public LocalClient(Api api, Caller caller) {
    this(api, caller, Api.Options.DEFAULT);
  }

  private LocalClient(Api api, Caller caller, Api.Options options) {
    this.api = api;
    this.caller = caller;
    this.options = options;
  }

  @Override
  public ApiClient dryRun() {
    var same = Api.Options.DEFAULT;
    return new LocalClient(
        api, caller, new Api.Options(true, same.fieldValidation(), same.fieldManager()));
  }

  @Override
  public ApiClient dryRunAs(String user) {
    var account = Caller.account(user).orElse(null);
    var what = account == null ? "users" : "serviceaccounts";
    var asked =
        new Api.Attributes(
            "impersonate",
            "",
            what,
            "",
            account == null ? "" : account.namespace(),
            account == null ? user : account.name(),
            "");
    if (!api.authorize(caller, asked).allowed()) {
      throw ApiError.forbidden(
          "User \"%s\" cannot impersonate resource \"%s\" named \"%s\""
              .formatted(caller.user(), what, user));
    }
    return new LocalClient(api, Caller.completed(user, "", List.of(), Map.of()), options).dryRun();
  }

  @Override
  public ApiObject get(ResourceType type, Key key) {
    return api.get(caller, type, key, "");
  }

  @Override
  public Listing list(ResourceType type, String namespace, Selection selection) {
    var page = api.list(caller, type, namespace, selection, Api.Paging.ALL);
    return new Listing(page.items(), page.resourceVersion());
  }

  @Override
  public ApiObject create(ResourceType type, ApiObject object) {
    return api.create(caller, type, object, "", options).object();
  }

  @Override
  public ApiObject update(ResourceType type, ApiObject object, String subresource) {
    return api.update(caller, type, object, subresource, options).object();
  }

  @Override
  public ApiObject patch(ResourceType type, Key key, String subresource, Patch patch) {
    return api.patch(caller, type, key, subresource, patch, options).object();
  }

  @Override
  public void delete(ResourceType type, Key key, @Nullable String uid) {
    api.delete(caller, type, key, new Api.Preconditions(uid, null), options);
  }

  @Override
  public Watch watch(
      ResourceType type, String namespace, Selection selection, String resourceVersion) {
    return api.watch(caller, type, namespace, selection, resourceVersion, false, true);
  }

  @Override
  public ApiObject ask(
      ResourceType type, Key key, String subresource, @Nullable ApiObject question) {
    var asked =
        question == null ? Api.Asked.get(Map.of()) : new Api.Asked("create", Map.of(), question);
    return api.ask(caller, type, key, subresource, asked, Api.Options.DEFAULT).object();
  }

  @Override
  public List<Optional<ApiObject>> commit(List<Write> writes) {
    if (options.dryRun()) {
      throw new UnsupportedOperationException("a series of writes cannot be tried out");
    }
    return api.commit(caller, writes);
  }
}
