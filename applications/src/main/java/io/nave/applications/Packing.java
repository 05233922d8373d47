package io.nave.applications;

import io.nave.api.Key;
import io.nave.applications.api.Application;
import io.nave.applications.definitions.LivePath;
import io.nave.applications.policies.Treatments;
import io.nave.applications.policies.Treatments.Removal;
import io.nave.work.ApplyOrder;
import io.nave.work.ManifestIdentity;
import io.nave.work.ManifestWork;
import io.nave.work.ManifestWork.ManifestConfig;
import io.nave.work.ManifestWork.UpdateStrategy;
import io.nave.work.WorkAdmission;
import io.nave.work.WorkParts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What one cluster gets of an application, as works. Pure.
///
/// Most often that is one work. More than one work may hold is cut into parts: an object stays in
/// the part that holds it already, since an object that changes works is left by one before it is
/// taken on by the other. Where that cannot be helped it does not die of it: the part that loses it
/// is told to leave it behind, and a part that would go altogether stays until the others have
/// taken on what it held. A work that is on its way out, and holds what is wanted again, is told to
/// leave that behind too, to a work of another name that comes at once (see [Heritage]).
///
/// When the garbage-collect policy asks for order, each component has works of its own.
final class Packing {
  /// One object for the cluster.
  ///
  /// @param present its configuration in the work that holds it, when it is only kept
  /// @param rendered whether the application renders it now; else it is kept
  private record Item(
      ManifestIdentity identity,
      JsonNode manifest,
      List<LivePath> live,
      @Nullable UpdateStrategy strategy,
      String component,
      @Nullable ManifestConfig present,
      boolean rendered) {
    Item(
        ManifestIdentity identity,
        JsonNode manifest,
        List<LivePath> live,
        @Nullable UpdateStrategy strategy,
        String component) {
      this(identity, manifest, live, strategy, component, null, true);
    }

    /// What is only looked at needs no namespace made for it.
    boolean writes() {
      var kept = present == null ? null : present.updateStrategy();
      var by = rendered ? strategy : kept;
      return by == null || !by.type().equals("ReadOnly");
    }

    /// The same, with more of it fed back.
    Item watching(List<LivePath> more) {
      var all = new TreeSet<>(live);
      all.addAll(more);
      return new Item(identity, manifest, List.copyOf(all), strategy, component, present, rendered);
    }
  }

  /// @param works what the cluster is to have
  /// @param leaving works on their way out that have to be told what to leave behind
  /// @param contests what it does not get, because another application delivers it
  record Packed(List<ManifestWork> works, List<ManifestWork> leaving, List<Contest> contests) {}

  private final Application application;
  private final String cluster;
  private final Treatments treatments;
  private final List<ManifestWork> present;
  private final Heritage heritage;
  private final Fleet fleet;
  private final Map<ManifestIdentity, String> home = new HashMap<>(); // looked up only
  private final List<Contest> contests = new ArrayList<>();

  /// @param all the application's works in this cluster
  Packing(
      Application application,
      String cluster,
      Treatments treatments,
      List<ManifestWork> all,
      Fleet fleet) {
    this.application = application;
    this.cluster = cluster;
    this.treatments = treatments;
    present = all.stream().filter(work -> !work.metadata().deleting()).toList();
    heritage = new Heritage(all);
    this.fleet = fleet;
    for (var work : present) {
      for (var manifest : Works.manifests(work)) {
        home.putIfAbsent(ManifestIdentity.of(manifest), work.metadata().name());
      }
    }
  }

  /// @param complete whether everything was rendered; else what is there stays
  /// @throws Refusal when two components render the same object, or it is more than all parts hold
  Packed pack(List<Rendered> components, boolean complete) {
    var rendered = items(components);
    var items = new LinkedHashMap<ManifestIdentity, Item>();
    for (var item : rendered.values()) {
      owned(item)
          .filter(mine -> !isRecreated(mine))
          .ifPresent(mine -> items.put(mine.identity(), mine));
    }
    for (var legacy : legacy(rendered, complete)) {
      items.put(legacy.identity(), legacy);
    }
    var parts = parts(items.values().stream().toList());
    var works = new ArrayList<ManifestWork>();
    parts.forEach((name, part) -> works.add(work(name, part, items)));
    works.addAll(lingering(works, items));
    return new Packed(works, leaving(heritage.going(), items), contests);
  }

  private Map<ManifestIdentity, Item> items(List<Rendered> components) {
    var items = new LinkedHashMap<ManifestIdentity, Item>();
    var reads = new HashSet<ManifestIdentity>(); // so far only looked at
    for (var rendered : components) {
      var own = new HashSet<ManifestIdentity>(); // two pieces may show the same object
      for (var piece : rendered.pieces()) {
        var name = rendered.component().name();
        var identity = ManifestIdentity.of(piece.manifest());
        if (!own.add(identity)) {
          continue;
        }
        var strategy =
            rendered.isRead()
                ? new UpdateStrategy("ReadOnly", null)
                : treatments.strategy(piece.manifest()).orElse(null);
        var mine = new Item(identity, piece.manifest(), piece.live(), strategy, name);
        var other = items.putIfAbsent(identity, mine);
        if (other != null && (rendered.isRead() || reads.contains(identity))) {
          var written = rendered.isRead() ? other : mine;
          items.put(identity, written.watching(mine.live()).watching(other.live()));
        } else if (other != null) {
          throw new Refusal(
              Stage.RENDER,
              "component \"%s\" and component \"%s\" both render %s for cluster %s; rename one"
                  .formatted(other.component(), name, identity, cluster));
        }
        if (!rendered.isRead()) {
          reads.remove(identity);
        } else if (other == null) {
          reads.add(identity);
        }
      }
    }
    return items;
  }

  /// As this application may deliver it beside others; empty when it may not.
  private Optional<Item> owned(Item item) {
    if (!Treatments.writes(item.strategy())) {
      return Optional.of(item);
    }
    var holder = holder(item.identity());
    if (holder.isEmpty()) {
      return Optional.of(item);
    }
    if (treatments.isShared(item.manifest()) && holder.get().shared()) {
      return Optional.of(
          new Item(
              item.identity(),
              item.manifest(),
              item.live(),
              Treatments.sharing(item.manifest()),
              item.component()));
    }
    contests.add(
        new Contest(
            cluster,
            item.identity(),
            item.component(),
            holder.get().application(),
            application.key()));
    return Optional.empty();
  }

  /// Of two that write one object the one whose work is older holds it; both find the same.
  private Optional<Fleet.Holder> holder(ManifestIdentity identity) {
    var others =
        fleet.holders(cluster, identity).stream()
            .filter(holder -> !holder.application().equals(application.key()))
            .toList();
    if (others.isEmpty()) {
      return Optional.empty();
    }
    var own = home.containsKey(identity) ? ownClaim(identity) : null;
    return others.stream()
        .filter(holder -> own == null || holder.compareTo(own) < 0)
        .sorted()
        .findFirst();
  }

  private Fleet.@Nullable Holder ownClaim(ManifestIdentity identity) {
    for (var work : present) {
      if (work.metadata().name().equals(home.get(identity))) {
        return Fleet.Holder.of(application.key(), work, identity, _ -> false).orElse(null);
      }
    }
    return null;
  }

  /// Whether the object has to go before it may come: it is in the cluster with another value of a
  /// field that cannot be changed, or the agent has not yet seen that it was taken out.
  private boolean isRecreated(Item item) {
    var fields = treatments.recreateFields(item.manifest());
    if (fields.isEmpty() || present.isEmpty()) {
      return false;
    }
    for (var work : present) {
      for (var manifest : Works.manifests(work)) {
        if (ManifestIdentity.of(manifest).equals(item.identity())) {
          return fields.stream()
              .anyMatch(field -> !at(manifest, field).equals(at(item.manifest(), field)));
        }
      }
    }
    return present.stream().anyMatch(work -> !Heritage.isSeen(work));
  }

  private static JsonNode at(JsonNode manifest, String field) {
    JsonNode node = manifest;
    for (var step : field.split("\\.", -1)) {
      node = node.path(step);
    }
    return node;
  }

  /// What an earlier version of the application left, and a policy keeps; and what its work does
  /// not hold in the cluster yet, since it may have come from another work: removed now, it would
  /// be left behind by both. That is so too when such a work was deleted by hand.
  private List<Item> legacy(Map<ManifestIdentity, Item> rendered, boolean complete) {
    var kept = new ArrayList<Item>();
    for (var work : present) {
      for (var manifest : Works.manifests(work)) {
        var identity = ManifestIdentity.of(manifest);
        var component = Works.componentOf(manifest);
        if (!component.isEmpty()
            && !rendered.containsKey(identity)
            && (!complete
                || treatments.removal(manifest) == Removal.ON_DELETE
                || heritage.isOpen(identity)
                || (present.size() > 1 && !Heritage.isSeen(work)))) {
          kept.add(kept(work, manifest));
        }
      }
    }
    for (var work : heritage.going()) {
      for (var manifest : Works.manifests(work)) {
        var identity = ManifestIdentity.of(manifest);
        if (heritage.isBereft(identity)
            && !rendered.containsKey(identity)
            && !home.containsKey(identity)) {
          kept.add(kept(work, manifest));
        }
      }
    }
    return kept;
  }

  /// An object as a work has it.
  private static Item kept(ManifestWork work, JsonNode manifest) {
    var identity = ManifestIdentity.of(manifest);
    return new Item(
        identity,
        manifest,
        List.of(),
        null,
        Works.componentOf(manifest),
        WorkWriter.configOf(work, identity).orElse(null),
        false);
  }

  /// The objects by the name of their work.
  private Map<String, List<Item>> parts(List<Item> items) {
    var parts = new TreeMap<String, List<Item>>();
    var room = new HashMap<String, Long>(); // looked up only
    var homeless = new ArrayList<Item>();
    for (var item : items) {
      var name = treatments.isOrdered() ? ordered(item) : home.get(item.identity());
      if (name == null || !fits(name, item, parts, room)) {
        homeless.add(item);
      }
    }
    for (int i : ApplyOrder.of(homeless.stream().map(Item::manifest).toList())) {
      settle(homeless.get(i), parts, room);
    }
    parts.values().forEach(part -> part.sort(Comparator.comparingInt(items::indexOf)));
    return parts;
  }

  /// The work of its component that holds the object, or the one of the component.
  private String ordered(Item item) {
    var component = item.component();
    for (var work : present) {
      if (work.metadata().name().equals(home.get(item.identity()))
          && component.equals(work.metadata().labels().get(Works.COMPONENT))) {
        return work.metadata().name();
      }
    }
    var name = nameOf(component);
    for (var number = 2; heritage.isGoing(name); number++) {
      name = nameOf(component + " " + number); // no component's name has a space
    }
    return name;
  }

  private String nameOf(String component) {
    return Works.nameOf(application.key(), "c" + Names.hash(component));
  }

  private boolean fits(
      String name, Item item, Map<String, List<Item>> parts, Map<String, Long> room) {
    var size = ManifestIdentity.size(item.manifest());
    var left = room.getOrDefault(name, WorkAdmission.MANIFEST_BYTES_MAX);
    if (size > left) {
      return false;
    }
    room.put(name, left - size);
    parts.computeIfAbsent(name, _ -> new ArrayList<>()).add(item);
    return true;
  }

  private void settle(Item item, Map<String, List<Item>> parts, Map<String, Long> room) {
    var size = ManifestIdentity.size(item.manifest());
    if (size <= WorkAdmission.MANIFEST_BYTES_MAX) {
      for (var number = 1; number <= WorkParts.PARTS_MAX; number++) {
        var name = Works.nameOf(application.key(), part(number));
        if (!heritage.isGoing(name) && fits(name, item, parts, room)) {
          return;
        }
      }
    }
    throw new Refusal(
        Stage.RENDER,
        "for cluster %s: %s has %d bytes, and there is no room for it: a work holds %d, and an"
                .formatted(cluster, item.identity(), size, WorkAdmission.MANIFEST_BYTES_MAX)
            + " application %d works in a cluster; make it smaller, or several applications"
                .formatted(WorkParts.PARTS_MAX));
  }

  private static String part(int number) {
    return number == 1 ? "" : Integer.toString(number);
  }

  private ManifestWork work(String name, List<Item> part, Map<ManifestIdentity, Item> all) {
    var writer = new WorkWriter(application.key(), Key.of(cluster, name));
    writer.as(Account.executor(application.metadata()));
    var mine = part.stream().map(Item::identity).toList();
    writer.namespaces(
        part.stream().filter(Item::writes).map(Item::identity).toList(), all.keySet());
    for (var item : part) {
      if (item.rendered()) {
        writer.add(item.manifest(), item.strategy(), item.live());
      } else {
        writer.keep(item.manifest(), item.present());
      }
      if (treatments.removal(item.manifest()) == Removal.NEVER) {
        writer.leave(item.identity());
      }
      if (treatments.isTakenOver(item.manifest()) || treatments.isShared(item.manifest())) {
        writer.take(item.identity());
      }
      if (treatments.isReplaced(item.manifest())) {
        writer.replace(item.identity());
      }
      if (heritage.isOpen(item.identity()) || mayBeElsewhere(item, name)) {
        writer.inherit(item.identity());
      }
    }
    all.keySet().stream().filter(other -> !mine.contains(other)).forEach(writer::leave);
    present.stream()
        .filter(work -> work.metadata().name().equals(name))
        .forEach(work -> leftBehind(work, all).forEach(writer::leave));
    return treatments.isOrdered() ? writer.work(part.getFirst().component()) : writer.work("");
  }

  /// Whether another work holds the object, or lost it and its cluster may not know yet.
  private boolean mayBeElsewhere(Item item, String name) {
    var holder = home.get(item.identity());
    return holder == null
        ? Stream.concat(present.stream(), heritage.going().stream())
            .anyMatch(work -> !work.metadata().name().equals(name) && !Heritage.isSeen(work))
        : !holder.equals(name);
  }

  /// What the work loses for good, and a policy leaves in the cluster.
  private List<ManifestIdentity> leftBehind(ManifestWork work, Map<ManifestIdentity, Item> all) {
    return Works.manifests(work).stream()
        .filter(manifest -> !Works.componentOf(manifest).isEmpty())
        .filter(manifest -> !all.containsKey(ManifestIdentity.of(manifest)))
        .filter(manifest -> treatments.removal(manifest) == Removal.NEVER)
        .map(ManifestIdentity::of)
        .toList();
  }

  /// Works that would go although what they hold lives on in others: they stay until those are
  /// applied, told to leave behind what others hold.
  private List<ManifestWork> lingering(
      List<ManifestWork> wanted, Map<ManifestIdentity, Item> items) {
    var names = wanted.stream().map(work -> work.metadata().name()).toList();
    return present.stream()
        .filter(work -> !names.contains(work.metadata().name()))
        .filter(work ->
            Works.manifests(work).stream()
                .filter(manifest -> !Works.componentOf(manifest).isEmpty())
                .map(ManifestIdentity::of)
                .anyMatch(identity -> items.containsKey(identity) && !isTaken(wanted, identity)))
        .map(work -> told(work, items, identity -> !holds(work, identity)))
        .toList();
  }

  private static boolean holds(ManifestWork work, ManifestIdentity identity) {
    return Works.manifests(work).stream()
        .anyMatch(manifest -> ManifestIdentity.of(manifest).equals(identity));
  }

  /// The work, told to leave those objects behind too.
  private static ManifestWork told(
      ManifestWork work, Map<ManifestIdentity, Item> items, Predicate<ManifestIdentity> which) {
    var writer = new WorkWriter(work);
    items.keySet().stream().filter(which).forEach(writer::leave);
    return writer.told(work);
  }

  private static List<ManifestWork> leaving(
      List<ManifestWork> going, Map<ManifestIdentity, Item> items) {
    var told = new ArrayList<ManifestWork>();
    for (var work : going) {
      // Its cluster may still have what it lost a moment ago.
      var next = told(work, items, identity -> holds(work, identity) || !Heritage.isSeen(work));
      if (!Works.same(next, work)) {
        told.add(next);
      }
    }
    return told;
  }

  private boolean isTaken(List<ManifestWork> wanted, ManifestIdentity identity) {
    for (var work : wanted) {
      for (var manifest : Works.manifests(work)) {
        if (ManifestIdentity.of(manifest).equals(identity)) {
          return present.stream()
              .filter(there -> there.key().equals(work.key()))
              .anyMatch(there -> Works.same(work, there) && Heritage.isApplied(there));
        }
      }
    }
    return false;
  }
}
