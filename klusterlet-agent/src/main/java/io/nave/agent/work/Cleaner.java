package io.nave.agent.work;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.controllers.ApiClient;
import io.nave.work.AppliedManifestWork.AppliedResource;
import io.nave.work.ManifestWork;
import io.nave.work.OrphanRule;
import io.nave.work.Ownership;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Removes applied objects that no work wants any more (spec/ocm-behaviour.md §6.8).
///
/// An object goes only when it is the very one that was applied (by uid) and this work owns it. One
/// that another work owns too only loses this owner; so does one that is to stay behind.
final class Cleaner {
  private static final Logger LOG = LoggerFactory.getLogger(Cleaner.class);

  private final ApiClient cluster;

  Cleaner(ApiClient cluster) {
    this.cluster = cluster;
  }

  /// Removes the resources as far as that can be done now.
  ///
  /// @param ownerUid of the record that owns them
  /// @param option what the work says about objects that stay behind
  /// @return those that are still there, to be tried again
  List<AppliedResource> remove(
      List<AppliedResource> resources,
      String ownerUid,
      ManifestWork.@Nullable DeleteOption option) {
    var pending = new ArrayList<AppliedResource>();
    for (var resource : resources) {
      try {
        if (!gone(resource, ownerUid, option)) {
          pending.add(resource);
        }
      } catch (ApiError e) {
        LOG.atWarn()
            .addKeyValue("kind", resource.resource())
            .addKeyValue("key", key(resource))
            .addKeyValue("reason", e.getMessage())
            .log("applied object cannot be removed, trying again");
        pending.add(resource);
      }
    }
    return List.copyOf(pending);
  }

  private boolean gone(
      AppliedResource resource, String ownerUid, ManifestWork.@Nullable DeleteOption option) {
    var type = type(resource);
    var live = cluster.find(type, key(resource)).orElse(null);
    var uid = orEmpty(resource.uid());
    if (live == null
        || (!uid.isEmpty() && !uid.equals(live.uid()))
        || !Ownership.isOwned(live, ownerUid)) {
      return true;
    }
    var namespace = orEmpty(resource.namespace());
    var stays = OrphanRule.keeps(option, type.group(), type.plural(), namespace, resource.name());
    if (stays || Ownership.isShared(live, ownerUid)) {
      disown(type, live, ownerUid);
      return true;
    }
    if (live.deleting()) {
      return false;
    }
    delete(type, live);
    return cluster.find(type, live.key()).filter(o -> o.uid().equals(live.uid())).isEmpty();
  }

  private void delete(ResourceType type, ApiObject live) {
    try {
      cluster.delete(type, live.key(), live.uid());
    } catch (ApiError e) {
      if (!e.is(ApiError.Reason.NOT_FOUND) && !e.is(ApiError.Reason.CONFLICT)) {
        throw e;
      }
    }
  }

  private void disown(ResourceType type, ApiObject live, String ownerUid) {
    var owners = Ownership.without(live, ownerUid).metadata().path("ownerReferences");
    var patch =
        Patch.merge(body -> {
          var meta = body.putObject("metadata");
          meta.put("uid", live.uid()).put("resourceVersion", live.resourceVersion());
          if (owners.isMissingNode()) {
            meta.putNull("ownerReferences");
          } else {
            meta.set("ownerReferences", owners);
          }
        });
    cluster.patch(type, live.key(), "", patch);
  }

  /// The type as far as requests need it; the record does not name the kind.
  private static ResourceType type(AppliedResource resource) {
    return ResourceType.of(
        orEmpty(resource.group()),
        resource.version(),
        "",
        resource.resource(),
        !orEmpty(resource.namespace()).isEmpty());
  }

  private static Key key(AppliedResource resource) {
    return new Key(orEmpty(resource.namespace()), resource.name());
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
