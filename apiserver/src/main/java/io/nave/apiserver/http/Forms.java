package io.nave.apiserver.http;

import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.apiserver.Api;
import io.nave.runtime.Host;
import io.nave.runtime.Service;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/// Objects in the form that a client asked for: whole, as their metadata, or as rows of a table;
/// the same for what is read and what is written. Thread-safe.
final class Forms {
  private final Api api;
  private final Host host;

  Forms(Api api, Host host) {
    this.api = api;
    this.host = host;
  }

  /// How the objects of one answer are written. Asked for before anything is done: it refuses what
  /// cannot be.
  ///
  /// @throws ApiError BadRequest for an unknown `includeObject`
  Function<ApiObject, byte[]> encoder(Call call, Media media) {
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

  /// How lists of one answer are written; as [#encoder].
  Function<Api.Page, Service.Reply> lists(Call call, Media media) {
    var type = call.type();
    return switch (media.shape()) {
      case PLAIN ->
          page -> Listing.reply(type.apiVersion(), type.listKind(), page, ApiObject::bytes);
      case METADATA ->
          page ->
              Listing.reply(
                  "meta.k8s.io/" + media.version(),
                  "PartialObjectMetadataList",
                  page,
                  object -> Metadata.bytes(object, media.version()));
      case TABLE -> {
        var tables = tables(call, media);
        yield page -> Replies.json(200, tables.page(page));
      }
    };
  }

  private Tables tables(Call call, Media media) {
    var computed = api.columns(call.type()).orElse(_ -> List.of());
    var include = call.query().text("includeObject");
    return new Tables(call.type(), computed, media.version(), include, host);
  }
}
