package io.nave.apiserver.audit;

import java.nio.charset.StandardCharsets;

/// Finds the end of a chain when a process begins to write to its folder.
///
/// @param chain where to go on
/// @param size of the file to go on in
/// @param finding what is wrong with what was found; empty: nothing
record Recovery(Chain chain, long size, String finding) {
  /// A crash may have left half an entry, which nobody was told of: it is cut off. Entries may be
  /// ahead of the noted head, never behind it.
  static Recovery open(AuditFiles files) {
    var head = files.head();
    var text = files.text(files.current());
    var end = text.lastIndexOf('\n') + 1;
    if (end < text.length()) {
      files.disk().write(files.current(), text.substring(0, end).getBytes(StandardCharsets.UTF_8));
    }
    var size = text.substring(0, end).getBytes(StandardCharsets.UTF_8).length;
    var last = last(files, text.substring(0, end));
    if (last.seq() < head.seq()) {
      return new Recovery(
          head,
          size,
          "entries %d to %d are missing at the end of the audit log"
              .formatted(last.seq() + 1, head.seq()));
    }
    return new Recovery(last, size, "");
  }

  private static Chain last(AuditFiles files, String whole) {
    if (!whole.isEmpty()) {
      return lastOf(whole);
    }
    var old = files.old(); // it was rotated away and nothing came after
    return old.isEmpty() ? Chain.START : lastOf(files.text(old.getLast()));
  }

  private static Chain lastOf(String text) {
    var end = text.length();
    while (end > 0) {
      var begin = text.lastIndexOf('\n', end - 2) + 1;
      var entry = Chain.read(text.substring(begin, end).stripTrailing());
      if (entry.isPresent()) {
        return entry.get().end();
      }
      end = begin;
    }
    return Chain.START;
  }
}
