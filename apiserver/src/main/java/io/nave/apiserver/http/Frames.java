package io.nave.apiserver.http;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// The lines of watches. An event that many watchers hear one after the other is put into its line
/// once, as an object is encoded once. Thread-safe.
final class Frames {
  private static final byte[] END = "}\n".getBytes(StandardCharsets.UTF_8);

  private record Line(String event, byte[] object, byte[] frame) {}

  private volatile @Nullable Line last; // a race makes the same line twice, harmlessly

  /// @param object its bytes, which nobody changes
  /// @return shared with others: not to be changed
  @SuppressWarnings("ReferenceEquality") // the very bytes, which all watchers of an object share
  byte[] line(String event, byte[] object) {
    var known = last;
    if (known != null && known.object() == object && known.event().equals(event)) {
      return known.frame();
    }
    var made = frame(event, object);
    last = new Line(event, object, made);
    return made;
  }

  private static byte[] frame(String event, byte[] object) {
    var head = ("{\"type\":\"" + event + "\",\"object\":").getBytes(StandardCharsets.UTF_8);
    var frame = new byte[head.length + object.length + END.length];
    System.arraycopy(head, 0, frame, 0, head.length);
    System.arraycopy(object, 0, frame, head.length, object.length);
    System.arraycopy(END, 0, frame, head.length + object.length, END.length);
    return frame;
  }
}
