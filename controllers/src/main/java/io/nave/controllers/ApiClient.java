package io.nave.controllers;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The Kubernetes API as controllers and agents use it: in this process, or over the wire. The same
/// code runs on either.
///
/// Calls block the calling task. Refusals are [ApiError]; no answer is
/// [io.nave.runtime.Transport.Unreachable]. Thread-safe.
public interface ApiClient {
  /// One object.
  ///
  /// @throws ApiError NotFound, Forbidden, ...
  ApiObject get(ResourceType type, Key key);

  /// One object, or empty where [#get] says NotFound.
  default Optional<ApiObject> find(ResourceType type, Key key) {
    try {
      return Optional.of(get(type, key));
    } catch (ApiError e) {
      if (e.is(ApiError.Reason.NOT_FOUND)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /// All selected objects, of one consistent revision.
  ///
  /// @param namespace empty: all namespaces, or cluster scope
  Listing list(ResourceType type, String namespace, Selection selection);

  /// Objects of one revision; a watch from `revision` misses nothing.
  record Listing(List<ApiObject> items, String resourceVersion) {
    public Listing {
      items = List.copyOf(items);
    }
  }

  /// Creates the object.
  ///
  /// @return as stored
  /// @throws ApiError AlreadyExists, Invalid, Forbidden, ...
  ApiObject create(ResourceType type, ApiObject object);

  /// Replaces the object; a `resourceVersion` in it must be the latest.
  ///
  /// @param subresource such as `status` or `approval`; empty for the object itself
  ApiObject update(ResourceType type, ApiObject object, String subresource);

  /// Changes part of the object.
  ///
  /// @param subresource such as `status`; empty for the object itself
  ApiObject patch(ResourceType type, Key key, String subresource, Patch patch);

  /// Deletes the object, or marks it as deleting while finalizers hold it.
  ///
  /// @param uid only when the object has this uid; null: no test
  /// @throws ApiError NotFound, Conflict when the uid differs
  void delete(ResourceType type, Key key, @Nullable String uid);

  /// Follows changes from just after `resourceVersion`; an empty one means: all present objects
  /// first, as ADDED.
  ///
  /// @throws ApiError Expired when that revision is no longer held: list again
  Watch watch(ResourceType type, String namespace, Selection selection, String resourceVersion);

  /// Asks a subresource that computes an answer, such as `serviceaccounts/NAME/token`.
  ///
  /// @param question posted to it; null: it is only looked at
  /// @throws ApiError NotFound when the server has no such subresource or no such object
  default ApiObject ask(
      ResourceType type, Key key, String subresource, @Nullable ApiObject question) {
    throw ApiError.noSuchPath();
  }

  /// Several writes that belong together. In the hub's own process they are one commit: all or
  /// none, visible at once. Over the wire they are sent one after the other and the first refusal
  /// ends the series.
  ///
  /// @return the objects as stored; for a delete the last state, if known
  List<Optional<ApiObject>> commit(List<Write> writes);

  /// The same API, of whose writes everything is done but the storing: they are checked, defaulted
  /// and answered as if.
  ///
  /// @throws UnsupportedOperationException when this client has no such thing
  default ApiClient dryRun() {
    throw new UnsupportedOperationException("this client cannot try writes out");
  }

  /// As [#dryRun], judged as another user: rights and rules of the server see that one.
  ///
  /// Each call is Forbidden when this client may not `impersonate` the user.
  ///
  /// @param user such as `system:serviceaccount:NAMESPACE:NAME`, which has its own groups then
  /// @throws UnsupportedOperationException when this client has no such thing
  default ApiClient dryRunAs(String user) {
    throw new UnsupportedOperationException("this client cannot try writes out as " + user);
  }

  /// One write of a series.
  sealed interface Write {
    record Create(ResourceType type, ApiObject object) implements Write {}

    record Update(ResourceType type, ApiObject object, String subresource) implements Write {}

    record Change(ResourceType type, Key key, String subresource, Patch patch) implements Write {}

    /// @param uid null: no test; deleting what is not there is no fault here
    record Delete(ResourceType type, Key key, @Nullable String uid) implements Write {}
  }

  /// Changes in order. One task reads it.
  interface Watch extends AutoCloseable {
    /// One change; BOOKMARK objects carry nothing but a `resourceVersion`.
    record Event(Kind kind, ApiObject object) {}

    enum Kind {
      ADDED,
      MODIFIED,
      DELETED,
      BOOKMARK
    }

    /// The next change, or null when none came within `atMost` or the server ended the watch.
    ///
    /// @throws ApiError Expired: list again
    /// @throws io.nave.runtime.Transport.Unreachable the connection broke: watch again from the
    ///   last revision
    @Nullable Event next(Duration atMost);

    /// Whether the server ended the watch, as it does after some minutes: watch again.
    boolean ended();

    @Override
    void close();
  }
}
