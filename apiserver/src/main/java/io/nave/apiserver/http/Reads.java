package io.nave.apiserver.http;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.Selection;
import io.nave.apiserver.Api;
import io.nave.runtime.Host;
import io.nave.runtime.Service;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/// Get, list and watch, in the form the client asked for.
final class Reads {
  /// A watch without `timeoutSeconds` lasts between one and two of these, so that clients that came
  /// together do not come back together; the numbers are kube-apiserver's.
  private static final int WATCH_SECONDS = 1_800;

  /// One user never has more than this part of all watches.
  private static final int WATCHERS_AT_LEAST = 4;

  private final Api api;
  private final Host host;
  private final Gate watches;
  private final Frames frames = new Frames();
  private final Shares watchShares;

  Reads(Api api, Host host, Gate watches) {
    this.api = api;
    this.host = host;
    this.watches = watches;
    this.watchShares = new Shares(watches.limit() / WATCHERS_AT_LEAST);
  }

  Service.Reply get(Call call) {
    var media = call.media();
    var target = call.target();
    var object = api.get(call.caller(), call.type(), target.key(), target.subresource());
    return Replies.json(200, encoder(call, media).apply(object));
  }

  Service.Reply list(Call call) {
    var media = call.media();
    ListChecks.list(call.query());
    var tables = media.shape() == Media.Shape.TABLE ? tables(call, media) : null;
    var page = page(call);
    if (tables != null) {
      return Replies.json(200, tables.page(page));
    }
    return media.shape() == Media.Shape.METADATA
        ? Listing.reply(
            "meta.k8s.io/" + media.version(),
            "PartialObjectMetadataList",
            page,
            object -> Metadata.bytes(object, media.version()))
        : Listing.reply(call.type().apiVersion(), call.type().listKind(), page, ApiObject::bytes);
  }

  private Api.Page page(Call call) {
    var query = call.query();
    var paging =
        new Api.Paging(
            query.number("limit"),
            query.text("continue"),
            query.text("resourceVersion"),
            query.text("resourceVersionMatch").equals("Exact"));
    return api.list(call.caller(), call.type(), call.target().namespace(), selection(call), paging);
  }

  Service.Reply watch(Call call) {
    var encoder = encoder(call, call.media());
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

  private Function<ApiObject, byte[]> encoder(Call call, Media media) {
    return switch (media.shape()) {
      case PLAIN -> ApiObject::bytes;
      case METADATA -> object -> Metadata.bytes(object, media.version());
      case TABLE -> {
        var tables = tables(call, media);
        var described = new AtomicBoolean();
        yield object -> Json.encode(tables.one(object, !described.getAndSet(true)));
      }
    };
  }

  private Tables tables(Call call, Media media) {
    var computed = api.columns(call.type()).orElse(_ -> List.of());
    var include = call.query().text("includeObject");
    return new Tables(call.type(), computed, media.version(), include, host);
  }
}
