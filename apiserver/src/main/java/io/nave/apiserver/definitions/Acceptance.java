package io.nave.apiserver.definitions;

import static io.nave.apiserver.definitions.CustomResourceDefinition.ESTABLISHED;
import static io.nave.apiserver.definitions.CustomResourceDefinition.NAMES_ACCEPTED;

import io.nave.api.Condition;
import io.nave.api.ResourceType;
import io.nave.apiserver.definitions.CustomResourceDefinition.Names;
import io.nave.apiserver.definitions.CustomResourceDefinition.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Whose names count within a group. A name belongs to the definition that had it accepted first;
/// another that wants it too keeps what it had and says so. Whoever had all names accepted once is
/// established, and stays so. Pure.
final class Acceptance {
  /// What is taken in one group by others.
  private record Taken(Set<String> resources, Set<String> kinds) {}

  private final Names wanted;
  private final Taken taken;
  private String reason = "";
  private String message = "";

  private Acceptance(Names wanted, Taken taken) {
    this.wanted = wanted;
    this.taken = taken;
  }

  /// The status the definition has earned among the others.
  ///
  /// @param others every definition there is, perhaps this one too
  /// @param builtIn the types the server was made with
  static Status status(
      CustomResourceDefinition definition,
      List<CustomResourceDefinition> others,
      List<ResourceType> builtIn,
      Instant now) {
    var acceptance = new Acceptance(definition.spec().names(), taken(definition, others, builtIn));
    var accepted = acceptance.accept(definition.status().acceptedNames());
    var good = acceptance.message.isEmpty();
    var conditions =
        Condition.merge(
            definition.status().conditions(),
            good
                ? Condition.of(NAMES_ACCEPTED, true, "NoConflicts", "no conflicts found")
                : Condition.of(NAMES_ACCEPTED, false, acceptance.reason, acceptance.message),
            now);
    if (!Condition.isTrue(conditions, ESTABLISHED)) {
      var established =
          good
              ? Condition.of(
                  ESTABLISHED, true, "InitialNamesAccepted", "the initial names have been accepted")
              : Condition.of(ESTABLISHED, false, "NotAccepted", "not all names are accepted");
      conditions = Condition.merge(conditions, established, now);
    }
    return new Status(conditions, accepted, storedVersions(definition));
  }

  private static Taken taken(
      CustomResourceDefinition definition,
      List<CustomResourceDefinition> others,
      List<ResourceType> builtIn) {
    var taken = new Taken(new LinkedHashSet<>(), new LinkedHashSet<>());
    var group = definition.spec().group();
    for (var type : builtIn) {
      if (type.group().equals(group)) {
        taken.resources().addAll(List.of(type.plural(), type.singular()));
        taken.resources().addAll(type.shortNames());
        taken.kinds().addAll(List.of(type.kind(), type.listKind()));
      }
    }
    for (var other : others) {
      var names = other.status().acceptedNames();
      if (names != null
          && other.spec().group().equals(group)
          && !other.metadata().name().equals(definition.metadata().name())) {
        taken.resources().add(names.plural());
        taken.resources().add(Objects.requireNonNullElse(names.singular(), ""));
        taken.resources().addAll(names.shortNames());
        taken.kinds().add(names.kind());
        taken.kinds().add(Objects.requireNonNullElse(names.listKind(), ""));
      }
    }
    taken.resources().remove("");
    taken.kinds().remove("");
    return taken;
  }

  /// The names that count from now on: those that are wanted and free, else those of before.
  private Names accept(@Nullable Names before) {
    var old = before == null ? Names.NONE : before;
    return new Names(
        one(wanted.plural(), old.plural(), taken.resources(), "PluralConflict"),
        one(text(wanted.singular()), text(old.singular()), taken.resources(), "SingularConflict"),
        shortNames(old.shortNames()),
        one(wanted.kind(), old.kind(), taken.kinds(), "KindConflict"),
        one(text(wanted.listKind()), text(old.listKind()), taken.kinds(), "ListKindConflict"),
        wanted.categories());
  }

  private String one(String wish, String old, Set<String> others, String conflict) {
    if (!others.contains(wish)) {
      return wish;
    }
    refuse(conflict, "\"" + wish + "\" is already in use");
    return old;
  }

  private List<String> shortNames(List<String> old) {
    var refused = new ArrayList<String>();
    BiConsumer<String, Set<String>> check =
        (name, others) -> {
          if (others.contains(name)) {
            refused.add("\"" + name + "\" is already in use");
          }
        };
    wanted.shortNames().forEach(name -> check.accept(name, taken.resources()));
    if (refused.isEmpty()) {
      return wanted.shortNames();
    }
    refuse("ShortNamesConflict", String.join(", ", refused));
    return old;
  }

  /// The last conflict gives the reason, as there; the messages are joined.
  private void refuse(String conflict, String why) {
    reason = conflict;
    message = message.isEmpty() ? why : message + ", " + why;
  }

  private static List<String> storedVersions(CustomResourceDefinition definition) {
    var all = new LinkedHashSet<>(definition.status().storedVersions());
    all.add(definition.storage().name());
    return List.copyOf(all);
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }
}
