package io.nave.apiserver.registry;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.Selection;
import io.nave.apiserver.Api;
import io.nave.store.Scope;
import io.nave.store.Store;
import io.nave.store.StoreClosed;
import io.nave.store.StoreKey;
import io.nave.store.StoreUnreachable;
import io.nave.store.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/// Lists, whole or page by page. All pages of a list show the same revision: the views of lists
/// under way are kept for a while.
final class Reads {
  /// Views kept for lists under way; each costs what has changed since.
  private static final int VIEWS_MAX = 32;

  /// Objects looked at in one go while a page is filled from a selection.
  private static final int SCAN_OBJECTS = 1_000;

  private static final String TOO_OLD =
      "The provided continue parameter is too old to display a consistent list result. You can"
          + " start a new list without the continue parameter, or use the continue token in this"
          + " response to retrieve the remainder of the results. Continuing with the provided token"
          + " results in an inconsistent list - objects that were created, modified, or deleted"
          + " between the time the first chunk was returned and now may show up in the list.";

  private final Store store;
  private final ConcurrentSkipListMap<Long, View> views = new ConcurrentSkipListMap<>();

  Reads(Store store) {
    this.store = store;
  }

  Api.Page list(ServedType served, String namespace, Selection selection, Api.Paging paging) {
    if (!paging.next().isEmpty()) {
      return nextPage(served, namespace, selection, paging);
    }
    var view = view(served, namespace, paging);
    return paging.limit() <= 0
        ? whole(all(view, served, namespace, selection), view)
        : page(view, served, namespace, selection, paging.limit(), null);
  }

  /// The state that is asked for: the present one, which is never older than it, or exactly it.
  private View view(ServedType served, String namespace, Api.Paging paging) {
    // "0" is content with any state; all others with nothing older than what was acknowledged.
    var present = paging.resourceVersion().equals("0") ? store.view() : latest();
    var wanted = Watches.revision(paging.resourceVersion());
    if (wanted > present.revision()) {
      throw ApiError.notYet(paging.resourceVersion(), present.revision());
    }
    return paging.exact() && wanted > 0
        ? PastView.at(store, present, served, namespace, wanted)
        : present;
  }

  private Api.Page nextPage(
      ServedType served, String namespace, Selection selection, Api.Paging paging) {
    var token = ContinueToken.decode(paging.next());
    var kept =
        token.revision() == ContinueToken.PRESENT ? store.view() : views.get(token.revision());
    try {
      var view =
          kept != null
              ? kept
              : PastView.at(store, store.view(), served, namespace, token.revision());
      return page(view, served, namespace, selection, paging.limit(), token);
    } catch (ApiError e) {
      if (!e.is(ApiError.Reason.EXPIRED)) {
        throw e;
      }
      throw ApiError.expired(TOO_OLD, token.atPresent().encode());
    }
  }

  /// What a read without a revision shows: everything acknowledged before it, by any server.
  View latest() {
    try {
      return store.latest();
    } catch (StoreUnreachable | StoreClosed e) {
      throw Conflicts.unavailable(e);
    }
  }

  private static Api.Page whole(List<ApiObject> items, View view) {
    return new Api.Page(items, Long.toString(view.revision()), "", 0);
  }

  /// Every selected object, as the served version shows it.
  static List<ApiObject> all(View view, ServedType served, String namespace, Selection selection) {
    var name = selection.fields().get("metadata.name");
    if (name != null && (!served.type().namespaced() || !namespace.isEmpty())) {
      return view.get(served.storeKey(new Key(namespace, name)))
          .map(served::shown)
          .filter(selection::matches)
          .map(List::of)
          .orElse(List.of());
    }
    var found = new ArrayList<ApiObject>();
    var stored =
        labelled(served, selection)
            .filter(_ -> namespace.isEmpty())
            .map(view::list)
            .orElseGet(() -> view.list(served.bucket(), namespace));
    served.ahead(stored);
    for (var object : stored) {
      var shown = served.shown(object);
      if (selection.matches(shown)) {
        found.add(shown);
      }
    }
    return found;
  }

  /// A label by whose value the store can tell what is selected. Not where a conversion shows
  /// objects: it may change their labels.
  static Optional<Scope> labelled(ServedType served, Selection selection) {
    return served.conversion() != null
        ? Optional.empty()
        : selection
            .labels()
            .required()
            .map(label -> Scope.labelled(served.bucket(), label.getKey(), label.getValue()));
  }

  private Api.Page page(
      View view,
      ServedType served,
      String namespace,
      Selection selection,
      int limit,
      @Nullable ContinueToken token) {
    var most = limit <= 0 ? Integer.MAX_VALUE - 1 : limit;
    var found = scan(view, served, namespace, selection, most, token);
    if (found.size() <= most) {
      return whole(found, view);
    }
    var items = List.copyOf(found.subList(0, most));
    var left = remaining(view, served, namespace, selection, token, most);
    var next = new ContinueToken(view.revision(), items.getLast().key(), left);
    keep(view);
    return new Api.Page(items, Long.toString(view.revision()), next.encode(), Math.max(0, left));
  }

  /// One object more than asked for, when there is one: so a page knows whether it is the last.
  private static List<ApiObject> scan(
      View view,
      ServedType served,
      String namespace,
      Selection selection,
      int most,
      @Nullable ContinueToken token) {
    var found = new ArrayList<ApiObject>();
    var after = token == null ? null : served.storeKey(token.after());
    while (found.size() <= most) {
      var some = view.list(served.bucket(), namespace, after, Math.min(most, SCAN_OBJECTS) + 1);
      served.ahead(some);
      for (var object : some) {
        var shown = served.shown(object);
        if (found.size() <= most && selection.matches(shown)) {
          found.add(shown);
        }
      }
      if (some.size() <= Math.min(most, SCAN_OBJECTS)) {
        break;
      }
      after = new StoreKey(served.bucket(), some.getLast().namespace(), some.getLast().name());
    }
    return found;
  }

  /// As in Kubernetes, objects are counted only where nothing has to be selected.
  private static long remaining(
      View view,
      ServedType served,
      String namespace,
      Selection selection,
      @Nullable ContinueToken token,
      int taken) {
    if (!selection.equals(Selection.all())) {
      return -1;
    }
    return token == null
        ? view.count(served.bucket(), namespace) - (long) taken
        : token.remaining() - taken;
  }

  private void keep(View view) {
    views.put(view.revision(), view);
    while (views.size() > VIEWS_MAX) {
      views.pollFirstEntry();
    }
  }
}
