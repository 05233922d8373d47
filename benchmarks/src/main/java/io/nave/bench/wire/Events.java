package io.nave.bench.wire;

import io.nave.api.Json;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/// Cuts a watch into its events, one JSON object a line, and reads each.
public final class Events implements Line.Reader {
  private final Runnable begun;
  private final Consumer<ObjectNode> each;
  private final Consumer<Answer> ended;
  private final ByteArrayOutputStream rest = new ByteArrayOutputStream(); // event loop only

  /// @param each gets every event, with `type` and `object`
  public Events(Consumer<ObjectNode> each, Consumer<Answer> ended) {
    this(() -> {}, each, ended);
  }

  /// @param begun called when the hub has said yes
  public Events(Runnable begun, Consumer<ObjectNode> each, Consumer<Answer> ended) {
    this.begun = begun;
    this.each = each;
    this.ended = ended;
  }

  @Override
  public void begun() {
    begun.run();
  }

  @Override
  public void bytes(byte[] piece) {
    var from = 0;
    for (var i = 0; i < piece.length; i++) {
      if (piece[i] == '\n') {
        rest.write(piece, from, i - from);
        from = i + 1;
        if (rest.size() > 0) {
          var line = rest.toByteArray();
          rest.reset();
          each.accept(Json.parseObject(line));
        }
      }
    }
    if (from < piece.length) {
      rest.writeBytes(Arrays.copyOfRange(piece, from, piece.length));
    }
  }

  @Override
  public void ended(Answer last) {
    ended.accept(last);
  }
}
