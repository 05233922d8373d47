package io.nave.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.PrintStream;

/// A process of its own that tells one story on its standard output.
final class ToldElsewhere {
  private ToldElsewhere() {}

  public static void main(String[] args) {
    var story = SliceStory.tell(Long.parseLong(args[0]));
    try (var out = new PrintStream(System.out, false, UTF_8)) {
      out.print(story);
    }
  }
}
