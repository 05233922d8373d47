package io.nave.apiserver.webhooks;

import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.LabelSelector;
import io.nave.api.Resource;
import io.nave.api.ResourceType;
import io.nave.apiserver.admission.Admission.Request;
import io.nave.apiserver.matching.Match;
import io.nave.store.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The webhooks of one kind that are registered in the store, in the order they are asked:
/// configurations by name, each one's webhooks as they stand. A configuration is read once for each
/// of its revisions. Thread-safe.
///
/// @param <H> the webhooks' record
final class Registered<H extends Hook> {
  /// More configurations than any server has; then those of deleted ones are forgotten.
  private static final int KEPT_MAX = 1_000;

  /// One webhook.
  ///
  /// @param configuration the name of the object it stands in
  record Entry<H extends Hook>(String configuration, H hook, Match match) {}

  /// A webhook that is to be asked, and in which version of the kind.
  record Due<H extends Hook>(Entry<H> entry, ResourceType form) {
    H hook() {
      return entry.hook();
    }
  }

  private record Kept<H extends Hook>(long revision, List<Entry<H>> entries) {}

  private final String bucket;
  private final Function<ApiObject, List<H>> hooks;
  private final Map<String, Kept<H>> kept = new ConcurrentHashMap<>(); // by uid

  private Registered(Class<? extends Resource> kind, Function<ApiObject, List<H>> hooks) {
    this.bucket = ResourceType.of(kind).resource();
    this.hooks = hooks;
  }

  static Registered<MutatingWebhookConfiguration.Webhook> mutating() {
    return new Registered<>(
        MutatingWebhookConfiguration.class,
        object -> Codec.decode(object, MutatingWebhookConfiguration.class).webhooks());
  }

  static Registered<ValidatingWebhookConfiguration.Webhook> validating() {
    return new Registered<>(
        ValidatingWebhookConfiguration.class,
        object -> Codec.decode(object, ValidatingWebhookConfiguration.class).webhooks());
  }

  /// Those that are to be asked about a request.
  List<Due<H>> due(Request request) {
    var due = new ArrayList<Due<H>>();
    for (var entry : entries(request.view())) {
      entry.match().form(request).ifPresent(form -> due.add(new Due<>(entry, form)));
    }
    return due;
  }

  private List<Entry<H>> entries(View view) {
    if (view.count(bucket, "") == 0) {
      return List.of();
    }
    var all = new ArrayList<Entry<H>>();
    for (var configuration : view.list(bucket, "")) {
      var known = kept.get(configuration.uid());
      if (known == null || known.revision() != configuration.revision()) {
        known = new Kept<>(configuration.revision(), read(configuration));
        if (kept.size() > KEPT_MAX) {
          kept.clear();
        }
        kept.put(configuration.uid(), known);
      }
      all.addAll(known.entries());
    }
    return all;
  }

  private List<Entry<H>> read(ApiObject configuration) {
    var entries = new ArrayList<Entry<H>>();
    for (var hook : hooks.apply(configuration)) {
      entries.add(new Entry<>(configuration.name(), hook, match(hook)));
    }
    return List.copyOf(entries);
  }

  private static Match match(Hook hook) {
    return new Match(
        hook.rules().stream().map(rule -> new Match.Named(rule, List.of())).toList(),
        List.of(),
        selector(hook.namespaceSelector()),
        selector(hook.objectSelector()),
        hook.matchPolicy().equals("Equivalent"));
  }

  private static LabelSelector selector(@Nullable LabelSelector given) {
    return given == null ? LabelSelector.everything() : given;
  }
}
