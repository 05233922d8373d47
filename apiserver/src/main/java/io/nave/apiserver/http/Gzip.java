package io.nave.apiserver.http;

import io.nave.runtime.Service;
import io.nave.runtime.Transport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/// Compresses large answers for clients that take it, as kube-apiserver does: from 128 KiB on, and
/// never watches, whose events are small and whose clients are many.
final class Gzip {
  /// As upstream: below it, compressing costs more than it saves.
  static final int BYTES_MIN = 128 * 1024;

  private Gzip() {}

  static Service.Reply apply(Transport.Request request, Service.Reply reply) {
    return switch (reply) {
      case Service.Reply.Full(var response)
          when response.body().length >= BYTES_MIN && accepted(request) ->
          Service.Reply.full(response.status(), marked(response.headers()), whole(response.body()));
      case Service.Reply.Full full -> full;
      case Service.Reply.Streaming stream ->
          stream.feed() instanceof Listed listed && accepted(request)
              ? new Service.Reply.Streaming(
                  stream.status(), marked(stream.headers()), new Packed(listed))
              : stream;
    };
  }

  /// A feed of an answer that is all there, and known to be large.
  interface Listed extends Service.Feed {}

  private static boolean accepted(Transport.Request request) {
    var header = request.headers().getOrDefault("accept-encoding", "");
    for (var part : header.toLowerCase(Locale.ROOT).split(",")) {
      var words = List.of(part.strip().split("\\s*;\\s*"));
      if (words.getFirst().equals("gzip") && !words.contains("q=0")) {
        return true;
      }
    }
    return false;
  }

  private static Map<String, String> marked(Map<String, String> headers) {
    var marked = new TreeMap<>(headers);
    marked.put("content-encoding", "gzip");
    marked.merge("vary", "Accept-Encoding", (known, own) -> known + ", " + own);
    return marked;
  }

  private static byte[] whole(byte[] body) {
    var bytes = new ByteArrayOutputStream(body.length / 4);
    try (var gzip = new Fast(bytes)) {
      gzip.write(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail so
    }
    return bytes.toByteArray();
  }

  /// Speed before size: what is sent within a data centre.
  private static final class Fast extends GZIPOutputStream {
    Fast(ByteArrayOutputStream out) throws IOException {
      super(out, 16 * 1024);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }

  /// A feed compressed piece by piece. One task reads it.
  private static final class Packed implements Service.Feed {
    private final Service.Feed plain;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Fast gzip;
    private boolean finished;

    Packed(Service.Feed plain) {
      this.plain = plain;
      try {
        this.gzip = new Fast(bytes);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public byte @Nullable [] next(Duration atMost) {
      try {
        while (bytes.size() < Chunks.CHUNK_BYTES / 4 && !plain.ended()) {
          var piece = plain.next(atMost);
          if (piece != null) {
            gzip.write(piece);
          }
        }
        if (plain.ended() && !finished) {
          finished = true;
          gzip.close();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      var piece = bytes.toByteArray();
      bytes.reset();
      return piece;
    }

    @Override
    public boolean ended() {
      return finished && bytes.size() == 0;
    }

    @Override
    public boolean indivisible() {
      return true;
    }

    @Override
    public void close() {
      plain.close();
    }
  }
}
