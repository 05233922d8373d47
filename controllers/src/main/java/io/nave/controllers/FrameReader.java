package io.nave.controllers;

import io.nave.api.ApiError;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Cuts a stream of bytes at its newlines, wherever the pieces it comes in begin and end. One task
/// uses it; memory is bounded by the longest frame allowed plus one piece.
final class FrameReader {
  private final int bytesMax;
  private byte[] begun = new byte[0]; // the frame whose end has not come yet, `begunLength` bytes
  private int begunLength;
  private byte[] piece = new byte[0]; // read up to `at`
  private int at;

  /// @param bytesMax longest frame accepted
  FrameReader(int bytesMax) {
    this.bytesMax = bytesMax;
  }

  /// Takes the next piece; [#next] must have said null before.
  void feed(byte[] next) {
    if (at < piece.length) {
      throw new IllegalStateException("the piece before has frames that were not taken");
    }
    piece = next;
    at = 0;
  }

  /// The next whole frame without its newline, or null when its end has not come. Blank frames are
  /// skipped.
  ///
  /// @throws ApiError RequestEntityTooLarge when a frame is longer than allowed
  byte @Nullable [] next() {
    while (at < piece.length) {
      var end = at;
      while (end < piece.length && piece[end] != '\n') {
        end++;
      }
      append(at, end);
      at = Math.min(end + 1, piece.length);
      if (end == piece.length) {
        return null;
      }
      if (begunLength > 0) {
        var frame = begun.length == begunLength ? begun : Arrays.copyOf(begun, begunLength);
        begun = new byte[0];
        begunLength = 0;
        return frame;
      }
    }
    return null;
  }

  /// Whether a frame has begun and not ended.
  boolean begun() {
    return begunLength > 0;
  }

  private void append(int from, int to) {
    var length = to - from;
    if (length > bytesMax - begunLength) {
      throw ApiError.tooLarge(
          "a watch event is longer than " + bytesMax + " bytes; list the objects instead");
    }
    if (begun.length - begunLength < length) {
      var wanted = begunLength + length;
      var room = begunLength == 0 ? wanted : Math.min(bytesMax, Math.max(wanted, 2 * begunLength));
      begun = Arrays.copyOf(begun, room);
    }
    System.arraycopy(piece, from, begun, begunLength, length);
    begunLength += length;
  }
}
