package io.nave.workhub;

import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.Condition;
import io.nave.api.Key;
import io.nave.work.ManifestWork;
import io.nave.work.ManifestWorkReplicaSet;
import io.nave.work.WorkDigest;
import io.nave.work.rollout.RolloutPlan.Known;
import io.nave.work.rollout.RolloutPlan.State;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What the hub keeps in mind of one work. Small, since there may be 100,000.
///
/// @param set the set it belongs to; null when to none
/// @param part which part of its set's template, from 1
/// @param digest of its spec; empty when it belongs to no set
/// @param applied null while the agent has not said it for the present generation
/// @param ttl how long it stays after it completed; null: for ever
/// @param completedAt null while it is not complete
record Child(
    Key key,
    String uid,
    long generation,
    boolean deleting,
    @Nullable Key set,
    String placement,
    int part,
    Map<String, String> labels,
    String digest,
    @Nullable Condition applied,
    @Nullable Condition available,
    @Nullable Condition progressing,
    @Nullable Condition degraded,
    @Nullable Duration ttl,
    @Nullable Instant completedAt) {

  private static final byte[] TTL =
      "\"ttlSecondsAfterFinished\"".getBytes(StandardCharsets.US_ASCII);

  static Child of(ApiObject work) {
    var labels = work.labels();
    var set = setOf(labels.get(ManifestWorkReplicaSet.LABEL));
    if (set == null && !mentions(work.bytes(), TTL)) {
      return bare(work);
    }
    var conditions = conditions(work);
    var seconds = work.at("/spec/deleteOption/ttlSecondsAfterFinished");
    var complete =
        Condition.find(conditions, ManifestWork.COMPLETE).filter(Condition::isTrue).orElse(null);
    return new Child(
        work.key(),
        work.uid(),
        work.generation(),
        work.deleting(),
        set,
        labels.getOrDefault(ManifestWorkReplicaSet.PLACEMENT_LABEL, ""),
        partOf(labels.get(ManifestWorkReplicaSet.PART_LABEL)),
        set == null ? Map.of() : labels,
        set == null ? "" : WorkDigest.of(work.spec()),
        present(conditions, ManifestWork.APPLIED, work.generation()),
        present(conditions, ManifestWork.AVAILABLE, work.generation()),
        present(conditions, ManifestWork.PROGRESSING, work.generation()),
        present(conditions, ManifestWork.DEGRADED, work.generation()),
        seconds.isIntegralNumber() ? Duration.ofSeconds(Math.max(0, seconds.asLong())) : null,
        complete == null ? null : complete.lastTransitionTime());
  }

  /// A work of no set that stays when it completes: nobody asks more of it. There may be many, so
  /// they are not parsed.
  private static Child bare(ApiObject work) {
    return new Child(
        work.key(),
        work.uid(),
        work.generation(),
        work.deleting(),
        null,
        "",
        1,
        Map.of(),
        "",
        null,
        null,
        null,
        null,
        null,
        null);
  }

  private static boolean mentions(byte[] text, byte[] word) {
    for (var i = 0; i <= text.length - word.length; i++) {
      if (text[i] == word[0] && Arrays.equals(text, i, i + word.length, word, 0, word.length)) {
        return true;
      }
    }
    return false;
  }

  /// The set a label names: a namespace has no dot, so the first one ends it.
  static @Nullable Key setOf(@Nullable String label) {
    var dot = label == null ? -1 : label.indexOf('.');
    return label == null || dot <= 0 || dot == label.length() - 1
        ? null
        : Key.of(label.substring(0, dot), label.substring(dot + 1));
  }

  String cluster() {
    return key.namespace();
  }

  boolean isTrue(@Nullable Condition condition) {
    return condition != null && condition.isTrue();
  }

  /// How a rollout sees a work that has the wanted template (spec §7.3 step 3).
  Known standing() {
    var moving = progressing;
    if (!isTrue(applied) || moving == null) {
      return new Known(State.TO_APPLY, null);
    }
    var broken = degraded;
    return switch (moving.status()) {
      case "False" -> new Known(State.SUCCEEDED, moving.lastTransitionTime());
      case "True" ->
          broken != null && broken.isTrue()
              ? new Known(State.FAILED, broken.lastTransitionTime())
              : new Known(State.PROGRESSING, moving.lastTransitionTime());
      default -> new Known(State.PROGRESSING, moving.lastTransitionTime());
    };
  }

  private static List<Condition> conditions(ApiObject work) {
    var conditions = new ArrayList<Condition>();
    for (JsonNode condition : work.status().path("conditions")) {
      conditions.add(Codec.decode(condition, Condition.class));
    }
    return conditions;
  }

  /// The condition if it speaks of this generation; shared texts, and none where all is well.
  private static @Nullable Condition present(
      List<Condition> conditions, String type, long generation) {
    var found = Condition.find(conditions, type).orElse(null);
    if (found == null || !Objects.equals(found.observedGeneration(), generation)) {
      return null;
    }
    var status = found.status().equals("True") ? "True" : found.status().intern();
    return new Condition(
        type,
        status,
        found.reason().intern(),
        found.isTrue() ? "" : found.message(),
        found.lastTransitionTime(),
        generation);
  }

  private static int partOf(@Nullable String label) {
    try {
      return label == null ? 1 : Integer.parseInt(label);
    } catch (NumberFormatException e) {
      return 1;
    }
  }
}
