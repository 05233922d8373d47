package io.nave.apiserver.admission;

import io.nave.api.ApiObject;
import io.nave.api.ResourceType;
import io.nave.apiserver.Api;
import io.nave.apiserver.Authorizer;
import io.nave.apiserver.Caller;
import io.nave.store.View;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A last word on a write before it is validated and stored: it lets pass, changes the object, or
/// refuses by throwing an [io.nave.api.ApiError]. Called again when a write is retried, so it keeps
/// no memory of requests and has no effects.
@FunctionalInterface
public interface Admission {
  /// @return the object to go on with; for a DELETE the answer is ignored
  ApiObject admit(Request request);

  /// A last look at what is about to be stored, after it was completed and found valid; refuses by
  /// throwing. Kubernetes calls this the validating phase.
  default void check(Request request) {}

  /// Whether [#admit] asks somebody outside this process: what it changes is then bounded by what
  /// the client itself could have said.
  default boolean outside() {
    return false;
  }

  enum Operation {
    CREATE,
    UPDATE,
    DELETE
  }

  /// A write that is authorized but not yet stored.
  ///
  /// @param type as stored, whatever version was sent
  /// @param subresource empty for the object itself
  /// @param old the stored state; null for a CREATE
  /// @param object what would be stored; for a DELETE the same as `old`
  /// @param view the present state with the earlier writes of the same commit in it
  /// @param now the server's time, the same for every part of one request
  /// @param options as the client gave them
  /// @param forms the kind in its other versions
  /// @param warn tells the client something, in a sentence
  record Request(
      Caller caller,
      Operation operation,
      ResourceType type,
      String subresource,
      @Nullable ApiObject old,
      ApiObject object,
      Authorizer authorizer,
      View view,
      Instant now,
      Api.Options options,
      Forms forms,
      Consumer<String> warn) {

    /// The same request about another object.
    public Request with(ApiObject next) {
      return new Request(
          caller,
          operation,
          type,
          subresource,
          old,
          next,
          authorizer,
          view,
          now,
          options,
          forms,
          warn);
    }

    /// Whether the type is this kind of this group, in whatever version.
    public boolean isAbout(String group, String plural) {
      return type.plural().equals(plural) && type.group().equals(group);
    }

    /// Whether the caller may also do something else.
    public boolean may(Api.Attributes wanted) {
      return authorizer.authorize(caller, wanted).allowed();
    }
  }

  /// The versions that a kind is served in. Objects are handed over in the stored one.
  interface Forms {
    /// The version that the client speaks.
    ResourceType asked();

    /// All that are served, other groups included where a kind is in several.
    List<ResourceType> all();

    ApiObject shown(ApiObject stored, ResourceType wanted);

    ApiObject stored(ApiObject shown, ResourceType from);
  }
}
