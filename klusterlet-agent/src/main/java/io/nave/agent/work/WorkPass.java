package io.nave.agent.work;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Condition;
import io.nave.runtime.Host;
import io.nave.work.Adoption;
import io.nave.work.AppliedManifestWork.AppliedResource;
import io.nave.work.ApplyOrder;
import io.nave.work.ConditionRules;
import io.nave.work.ManifestIdentity;
import io.nave.work.ManifestOptions.UpdateStrategy;
import io.nave.work.ManifestWork;
import io.nave.work.OrphanRule;
import io.nave.work.Ownership;
import io.nave.work.StatusFeedback;
import io.nave.work.WorkStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One pass over all manifests of one work: apply each in order, remove what left the work, note
/// what is applied, look at what came of it. One bad manifest does not stop the others.
final class WorkPass {
  private static final Comparator<AppliedResource> ORDER =
      Comparator.comparing((AppliedResource r) -> orEmpty(r.group()))
          .thenComparing(AppliedResource::version)
          .thenComparing(AppliedResource::resource)
          .thenComparing(r -> orEmpty(r.namespace()))
          .thenComparing(AppliedResource::name);

  /// How a pass went.
  ///
  /// @param outcomes in the order of the work's manifests
  /// @param applied each object's manifest as last applied
  /// @param watched whether every object is watched
  /// @param failed whether some manifest could not be applied
  /// @param deferred whether some object drifts and waits to be put back
  /// @param removing whether objects that left the work are still there
  record Result(
      List<WorkStatus.Outcome> outcomes,
      Map<ManifestIdentity, JsonNode> applied,
      boolean watched,
      boolean failed,
      boolean deferred,
      boolean removing) {}

  private final KindResolver kinds;
  private final Watched watched;
  private final ManifestApplier applier;
  private final AppliedRecords records;
  private final Cleaner cleaner;
  private final ConditionRules rules = new ConditionRules();
  private final Host host;

  WorkPass(
      Host host,
      KindResolver kinds,
      Watched watched,
      ManifestApplier applier,
      AppliedRecords records,
      Cleaner cleaner) {
    this.host = host;
    this.kinds = kinds;
    this.watched = watched;
    this.applier = applier;
    this.records = records;
    this.cleaner = cleaner;
  }

  /// Runs over the work.
  ///
  /// @param record its record in the cluster
  /// @param last each object's manifest as applied before
  /// @param kept the status after the last pass
  /// @param evictionStart since when the hub misses the work; null: it does not
  /// @throws io.nave.runtime.Transport.Unreachable when the cluster does not answer
  Result run(
      ManifestWork work,
      ApiObject record,
      Map<ManifestIdentity, JsonNode> last,
      ManifestWork.Status kept,
      @Nullable Instant evictionStart,
      WorkMemory memory) {
    var items = items(work);
    var all =
        watched.follow(
            work.metadata().name(),
            items.stream().map(Item::target).filter(Objects::nonNull).toList());
    var noted = work.spec().dryRun() ? record : announce(record, items, evictionStart);
    memory.troubles.keep(items);
    var results = new TreeMap<Integer, ManifestApplier.Result>();
    for (int i : order(items, memory)) {
      var item = items.get(i);
      results.put(
          i,
          isComplete(item, last, kept)
              ? seen(item)
              : apply(item, with(work, noted, item, last, memory)));
    }
    var removing = note(work, noted, items, results, evictionStart);
    var outcomes = new ArrayList<WorkStatus.Outcome>();
    results.forEach((i, result) -> {
      outcomes.add(outcome(items.get(i), result).withRuled(ruled(items.get(i), result)));
    });
    var values = results.values();
    return new Result(
        outcomes,
        applied(items, results, last),
        all,
        values.stream().anyMatch(ManifestApplier.Result.Failed.class::isInstance),
        values.stream().anyMatch(ManifestApplier.Result.Deferred.class::isInstance),
        removing);
  }

  /// What failed before comes last, so that a slow refusal keeps nobody else waiting.
  private static List<Integer> order(List<Item> items, WorkMemory memory) {
    var order = new ArrayList<>(ApplyOrder.of(items.stream().map(Item::manifest).toList()));
    order.sort(Comparator.comparing((Integer i) -> memory.troubles.failed(items.get(i))));
    return order;
  }

  private ManifestApplier.Result apply(Item item, ManifestApplier.Circumstances with) {
    var troubles = with.memory().troubles;
    var before = troubles.waiting(item, host.nanoTime());
    if (before != null) {
      return applier.look(item, before);
    }
    var result = applier.apply(item, with);
    if (result instanceof ManifestApplier.Result.Failed failed) {
      troubles.note(item, failed, host.nanoTime(), host.random());
    } else {
      troubles.clear(item);
    }
    return result;
  }

  /// A manifest that completed is not applied again (spec §6.2), unless it says something else now.
  private static boolean isComplete(
      Item item, Map<ManifestIdentity, JsonNode> last, ManifestWork.Status kept) {
    var resources = kept.resourceStatus();
    if (item.options().conditionRules().isEmpty()
        || resources == null
        || !item.manifest().equals(last.get(item.identity()))) {
      return false;
    }
    for (var manifest : resources.manifests()) {
      var meta = manifest.resourceMeta();
      if (orEmpty(meta.kind()).equals(item.identity().kind())
          && orEmpty(meta.name()).equals(item.identity().name())
          && orEmpty(meta.namespace()).equals(item.meta().namespace())) {
        return Condition.isTrue(manifest.conditions(), ManifestWork.COMPLETE);
      }
    }
    return false;
  }

  private ManifestApplier.Result seen(Item item) {
    var target = item.target();
    return new ManifestApplier.Result.Done(target == null ? null : watched.live(target, 0));
  }

  /// What the work's rules say of the object, and whether it is what the manifest says where the
  /// agent does not see to that.
  private List<Condition> ruled(Item item, ManifestApplier.Result result) {
    var conditions = new ArrayList<Condition>();
    var live = live(result);
    if (live != null && !item.options().conditionRules().isEmpty()) {
      conditions.addAll(rules.evaluate(item.options().conditionRules(), live));
    }
    switch (result) {
      case ManifestApplier.Result.Deferred(var now) ->
          conditions.add(
              WorkStatus.foughtOver(otherManager(now), Differences.between(item.wanted(), now)));
      case ManifestApplier.Result.Done(var now) -> {
        if (item.options().strategy() instanceof UpdateStrategy.ReadOnly
            || item.options().strategy() instanceof UpdateStrategy.CreateOnly) {
          conditions.add(WorkStatus.inSync(Differences.between(item.wanted(), now)));
        }
      }
      case ManifestApplier.Result.Dry _, ManifestApplier.Result.Failed _ -> {}
    }
    return List.copyOf(conditions);
  }

  /// Who wrote the object last, beside this agent; empty when the cluster does not say.
  private static String otherManager(@Nullable ApiObject live) {
    var name = "";
    var latest = "";
    for (var entry : live == null ? List.<JsonNode>of() : live.at("/metadata/managedFields")) {
      var manager = entry.path("manager").asString("");
      var time = entry.path("time").asString("");
      if (!manager.equals("nave-agent")
          && !manager.startsWith("work-agent")
          && !entry.path("subresource").asString("").equals("status")
          && time.compareTo(latest) >= 0) {
        name = manager;
        latest = time;
      }
    }
    return name;
  }

  private List<Item> items(ManifestWork work) {
    var workload = work.spec().workload();
    var manifests = workload == null ? List.<JsonNode>of() : workload.manifests();
    var executor = work.spec().executor();
    var items = new ArrayList<Item>();
    for (int i = 0; i < manifests.size(); i++) {
      var item = Item.of(i, manifests.get(i), work, kinds);
      items.add(
          executor == null || executor.subject().serviceAccount() != null
              ? item
              : item.refused("spec.executor.subject names no service account; add serviceAccount"));
    }
    return items;
  }

  /// Writes down, before anything is created, what may be: an agent that dies in between, or a work
  /// that is deleted meanwhile, then leaves nothing behind that no record knows.
  private ApiObject announce(ApiObject record, List<Item> items, @Nullable Instant evictionStart) {
    var before = AppliedRecords.read(record).status().appliedResources();
    var announced = new ArrayList<>(before);
    for (var item : items) {
      var target = item.target();
      if (target != null
          && !(item.options().strategy() instanceof UpdateStrategy.ReadOnly)
          && announced.stream().noneMatch(resource -> isTarget(item, resource))) {
        announced.add(resource(target, ""));
      }
    }
    if (announced.size() == before.size()) {
      return record;
    }
    announced.sort(ORDER);
    return records.write(record, announced, evictionStart);
  }

  private static ManifestApplier.Circumstances with(
      ManifestWork work,
      ApiObject record,
      Item item,
      Map<ManifestIdentity, JsonNode> last,
      WorkMemory memory) {
    var target = item.target();
    var orphan =
        target != null
            && OrphanRule.keeps(
                work.spec().deleteOption(),
                target.type().group(),
                target.type().plural(),
                target.key().namespace(),
                target.key().name());
    var executor = work.spec().executor();
    return new ManifestApplier.Circumstances(
        Ownership.to(record),
        orphan,
        last.get(item.identity()),
        memory,
        executor == null ? null : executor.subject().serviceAccount(),
        work.spec().dryRun(),
        Adoption.of(work.metadata().annotations()));
  }

  /// Removes what left the work and writes down what is applied.
  ///
  /// @return whether something that left is still there
  private boolean note(
      ManifestWork work,
      ApiObject record,
      List<Item> items,
      Map<Integer, ManifestApplier.Result> results,
      @Nullable Instant evictionStart) {
    var listed = new ArrayList<AppliedResource>();
    var gone = new ArrayList<AppliedResource>();
    var before = AppliedRecords.read(record).status().appliedResources();
    for (var resource : before) {
      if (items.stream().noneMatch(item -> isAbout(item, resource))) {
        gone.add(resource);
      } else if (items.stream().noneMatch(item -> isTarget(item, resource))) {
        listed.add(resource); // its kind cannot be looked up now: no reason to remove it
      }
    }
    results.forEach((i, result) -> {
      var target = items.get(i).target();
      var old = before.stream().filter(r -> isTarget(items.get(i), r)).findFirst().orElse(null);
      if (target != null) {
        var live = live(result);
        if (live != null
            && (!(result instanceof ManifestApplier.Result.Failed
                    || result instanceof ManifestApplier.Result.Dry)
                || Ownership.isOwned(live, record.uid()))) {
          listed.add(resource(target, live.uid()));
        } else if (old != null) {
          listed.add(old);
        }
      }
    });
    var pending = cleaner.remove(gone, record.uid(), work.spec().deleteOption());
    listed.addAll(pending);
    listed.sort(ORDER);
    records.write(record, listed, evictionStart);
    return !pending.isEmpty();
  }

  private WorkStatus.Outcome outcome(Item item, ManifestApplier.Result result) {
    var live = live(result);
    var applied =
        switch (result) {
          case ManifestApplier.Result.Failed failed ->
              WorkStatus.notApplied(failed.reason(), failed.message());
          case ManifestApplier.Result.Dry(var _, var message) -> WorkStatus.dryRun(message);
          case ManifestApplier.Result.Done _, ManifestApplier.Result.Deferred _ ->
              WorkStatus.applied();
        };
    if (live != null) {
      var rules = item.options().feedbackRules();
      var feedback = StatusFeedback.read(live, rules, version -> inVersion(live, version));
      return new WorkStatus.Outcome(
          item.meta(), applied, WorkStatus.available(), feedback, feedback.condition(rules));
    }
    var available =
        switch (result) {
          case ManifestApplier.Result.Failed(_, var message, _, var looked, _) when !looked ->
              item.target() == null
                  ? WorkStatus.incomplete()
                  : WorkStatus.availableUnknown(message);
          default -> WorkStatus.notAvailable();
        };
    return new WorkStatus.Outcome(item.meta(), applied, available, null, null);
  }

  private @Nullable ApiObject inVersion(ApiObject live, String version) {
    var slash = live.apiVersion().indexOf('/');
    var apiVersion = slash < 0 ? version : live.apiVersion().substring(0, slash + 1) + version;
    try {
      return kinds
          .find(apiVersion, live.kind())
          .map(type -> watched.asked(new Target(type, live.key())))
          .orElse(null);
    } catch (ApiError e) {
      return null; // told as a version that does not fit
    }
  }

  private static Map<ManifestIdentity, JsonNode> applied(
      List<Item> items,
      Map<Integer, ManifestApplier.Result> results,
      Map<ManifestIdentity, JsonNode> last) {
    var applied = new TreeMap<ManifestIdentity, JsonNode>();
    results.forEach((i, result) -> {
      var item = items.get(i);
      var before = last.get(item.identity());
      if (result instanceof ManifestApplier.Result.Failed
          || result instanceof ManifestApplier.Result.Dry) {
        if (before != null) {
          applied.put(item.identity(), before);
        }
      } else if (!(item.options().strategy() instanceof UpdateStrategy.ReadOnly)) {
        applied.put(item.identity(), item.manifest());
      }
    });
    return applied;
  }

  private static @Nullable ApiObject live(ManifestApplier.Result result) {
    return switch (result) {
      case ManifestApplier.Result.Done(var live) -> live;
      case ManifestApplier.Result.Deferred(var live) -> live;
      case ManifestApplier.Result.Dry(var live, var _) -> live;
      case ManifestApplier.Result.Failed(var _, var _, var live, var _, var _) -> live;
    };
  }

  private static boolean isTarget(Item item, AppliedResource resource) {
    var target = item.target();
    return target != null
        && target.type().group().equals(orEmpty(resource.group()))
        && target.type().plural().equals(resource.resource())
        && target.key().namespace().equals(orEmpty(resource.namespace()))
        && target.key().name().equals(resource.name());
  }

  /// As [#isTarget], and generously so for an item whose kind could not be looked up.
  private static boolean isAbout(Item item, AppliedResource resource) {
    return item.target() != null
        ? isTarget(item, resource)
        : item.identity().group().equals(orEmpty(resource.group()))
            && item.identity().name().equals(resource.name());
  }

  private static AppliedResource resource(Target target, String uid) {
    return new AppliedResource(
        target.type().group(),
        target.type().version(),
        target.type().plural(),
        target.key().namespace(),
        target.key().name(),
        uid);
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
