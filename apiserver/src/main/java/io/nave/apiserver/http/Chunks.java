package io.nave.apiserver.http;

import io.nave.runtime.Service;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/// Pieces of bytes that are all there, handed on in chunks: a list of 100,000 objects is never
/// copied as a whole. One task reads it.
final class Chunks implements Service.Feed {
  /// Large enough to make a write worth its cost, small enough to keep 1,000 readers cheap.
  static final int CHUNK_BYTES = 64 * 1024;

  private final Iterator<byte[]> pieces;

  Chunks(Iterator<byte[]> pieces) {
    this.pieces = pieces;
  }

  /// The whole as one answer when it is not worth a stream, else as a stream.
  Service.Reply reply() {
    var first = take(Gzip.BYTES_MIN);
    if (ended()) {
      return Replies.json(200, first == null ? new byte[0] : first);
    }
    return Replies.stream(new Pushed(first, this));
  }

  @Override
  public byte @Nullable [] next(Duration atMost) {
    return take(CHUNK_BYTES);
  }

  private byte @Nullable [] take(int bytes) {
    if (!pieces.hasNext()) {
      return null;
    }
    var chunk = new ByteArrayOutputStream(CHUNK_BYTES);
    while (pieces.hasNext() && chunk.size() < bytes) {
      chunk.writeBytes(pieces.next());
    }
    return chunk.toByteArray();
  }

  @Override
  public boolean ended() {
    return !pieces.hasNext();
  }

  @Override
  public void close() {}

  /// A feed with its first chunk pushed back.
  private static final class Pushed implements Gzip.Listed {
    private byte @Nullable [] first;
    private final Service.Feed rest;

    Pushed(byte @Nullable [] first, Service.Feed rest) {
      this.first = first;
      this.rest = rest;
    }

    @Override
    public byte @Nullable [] next(Duration atMost) {
      var chunk = first;
      first = null;
      return chunk != null ? chunk : rest.next(atMost);
    }

    @Override
    public boolean ended() {
      return first == null && rest.ended();
    }

    @Override
    public boolean indivisible() {
      return true;
    }

    @Override
    public void close() {
      rest.close();
    }
  }
}
