package io.nave.apiserver.http;

import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.apiserver.Api;
import io.nave.runtime.Service;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// A list of objects, put together from their own bytes.
final class Listing {
  private static final byte[] COMMA = ",".getBytes(StandardCharsets.UTF_8);
  private static final byte[] END = "]}\n".getBytes(StandardCharsets.UTF_8);

  private Listing() {}

  /// @param encode the bytes of one item
  static Service.Reply reply(
      String apiVersion, String kind, Api.Page page, Function<ApiObject, byte[]> encode) {
    var items = page.items();
    var body =
        IntStream.range(0, items.size())
            .boxed()
            .flatMap(i -> {
              var item = encode.apply(items.get(i));
              return i == 0 ? Stream.of(item) : Stream.of(COMMA, item);
            });
    Iterator<byte[]> pieces =
        Stream.concat(Stream.concat(Stream.of(head(apiVersion, kind, page)), body), Stream.of(END))
            .iterator();
    return new Chunks(pieces).reply();
  }

  /// `metadata` of a list.
  static ObjectNode meta(Api.Page page) {
    var meta = Json.object();
    meta.put("resourceVersion", page.resourceVersion());
    if (!page.next().isEmpty()) {
      meta.put("continue", page.next());
    }
    if (page.remaining() > 0) {
      meta.put("remainingItemCount", page.remaining());
    }
    return meta;
  }

  private static byte[] head(String apiVersion, String kind, Api.Page page) {
    var head = Json.object();
    head.put("kind", kind).put("apiVersion", apiVersion);
    head.set("metadata", meta(page));
    var open = Json.encode(head);
    var items = ",\"items\":[".getBytes(StandardCharsets.UTF_8);
    var bytes = Arrays.copyOf(open, open.length - 1 + items.length);
    System.arraycopy(items, 0, bytes, open.length - 1, items.length);
    return bytes;
  }
}
