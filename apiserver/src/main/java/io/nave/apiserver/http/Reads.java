package io.nave.apiserver.http;

import io.nave.api.ApiError;
import io.nave.api.Selection;
import io.nave.apiserver.Api;
import io.nave.runtime.Host;
import io.nave.runtime.Service;
import java.time.Duration;
import java.util.TreeMap;

/// Get, list and watch, in the form the client asked for.
final class Reads {
  /// A watch without `timeoutSeconds` lasts between one and two of these, so that clients that came
  /// together do not come back together; the numbers are kube-apiserver's.
  private static final int WATCH_SECONDS = 1_800;

  /// One user never has more than this part of all watches.
  private static final int WATCHERS_AT_LEAST = 4;

  private final Api api;
  private final Host host;
  private final Forms forms;
  private final Gate watches;
  private final Frames frames = new Frames();
  private final Shares watchShares;

  Reads(Api api, Host host, Forms forms, Gate watches) {
    this.api = api;
    this.host = host;
    this.forms = forms;
    this.watches = watches;
    this.watchShares = new Shares(watches.limit() / WATCHERS_AT_LEAST);
  }

  Service.Reply get(Call call) {
    var form = forms.encoder(call, call.media());
    var target = call.target();
    var object = api.get(call.caller(), call.type(), target.key(), target.subresource());
    return Replies.json(200, form.apply(object));
  }

  Service.Reply list(Call call) {
    ListChecks.list(call.query());
    var form = forms.lists(call, call.media());
    var place = call.target().namespace();
    return form.apply(
        api.list(call.caller(), call.type(), place, selection(call), paging(call.query())));
  }

  /// Which part of a list is asked for, of which state. As in Kubernetes, a first page at a
  /// revision shows that very one unless it says otherwise.
  static Api.Paging paging(Query query) {
    var limit = query.number("limit");
    var next = query.text("continue");
    var revision = query.text("resourceVersion");
    var match = query.text("resourceVersionMatch");
    var page = limit > 0 && next.isEmpty() && !revision.isEmpty() && !revision.equals("0");
    return new Api.Paging(
        limit, next, revision, match.equals("Exact") || (match.isEmpty() && page));
  }

  Service.Reply watch(Call call) {
    var encoder = forms.encoder(call, call.media());
    ListChecks.watch(call.query());
    var atMost = watchTime(call.query());
    var user = call.caller().user();
    if (!watchShares.enter(user)) {
      throw ApiError.tooManyRequests(
          "this hub serves at most "
              + watchShares.limit()
              + " watches of one user at once; close some",
          5);
    }
    if (!watches.enter()) {
      watchShares.leave(user);
      throw ApiError.tooManyRequests(
          "this hub serves at most " + watches.limit() + " watches at once; try again later", 5);
    }
    try {
      var watch = open(call);
      return Replies.stream(
          new WatchFrames(watch, call.type(), encoder, frames, host, atMost, () -> left(user)));
    } catch (RuntimeException e) {
      left(user);
      throw e;
    }
  }

  private void left(String user) {
    watches.leave();
    watchShares.leave(user);
  }

  private io.nave.controllers.ApiClient.Watch open(Call call) {
    var query = call.query();
    var from = query.text("resourceVersion");
    var selection = selection(call);
    var namespace = call.target().namespace();
    if (query.has("sendInitialEvents")
        && !query.flag("sendInitialEvents")
        && (from.isEmpty() || from.equals("0"))) {
      // "From now on, without what is there": Api has no word for now, a list names it.
      var one = new Api.Paging(1, "");
      from = api.list(call.caller(), call.type(), namespace, selection, one).resourceVersion();
    }
    return api.watch(
        call.caller(),
        call.type(),
        namespace,
        selection,
        from,
        query.flag("sendInitialEvents"),
        query.flag("allowWatchBookmarks"));
  }

  private Duration watchTime(Query query) {
    var asked = query.number("timeoutSeconds");
    var seconds = asked > 0 ? asked : WATCH_SECONDS + host.random().nextInt(WATCH_SECONDS);
    return Duration.ofSeconds(seconds);
  }

  /// What the query selects; a name in the path selects too, as in `GET .../pods/a?watch=true`.
  static Selection selection(Call call) {
    var query = call.query();
    var selection = Selection.parse(query.text("labelSelector"), query.text("fieldSelector"));
    if (call.target().name().isEmpty()) {
      return selection;
    }
    var fields = new TreeMap<>(selection.fields());
    fields.put("metadata.name", call.target().name());
    return new Selection(selection.labels(), fields, selection.without());
  }
}
