package io.nave.certs;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One PEM block (RFC 7468): a label and the bytes it wraps. May be a private key, so it prints as
/// label and size only.
///
/// @param label such as `CERTIFICATE`
/// @param der the decoded bytes; not copied, do not change them
public record Pem(String label, byte[] der) {
  /// Some 500 certificates: more than any trust bundle in use, little enough to parse at once.
  static final int TEXT_CHARS_MAX = 1 << 20;

  private static final Pattern BOUNDARY = Pattern.compile("-----(BEGIN|END) ([A-Z0-9 ]+)-----");
  private static final Base64.Encoder LINES =
      Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

  /// The blocks of a text that holds nothing else but white space.
  ///
  /// @throws BadPem naming the line that is not part of a well-formed block
  public static List<Pem> split(String text) {
    return new Reader(text, false).blocks();
  }

  /// The blocks of a text that may explain them: lines outside the blocks are skipped, as RFC 7468
  /// allows and CA bundles do.
  ///
  /// @throws BadPem naming the line that is not part of a well-formed block
  public static List<Pem> splitCommented(String text) {
    return new Reader(text, true).blocks();
  }

  /// The block as text, lines of 64 characters, ending with a line feed.
  public String encode() {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(label, LINES.encodeToString(der), label);
  }

  @Override
  public String toString() {
    return "PEM " + label + ", " + der.length + " bytes";
  }

  /// Walks the lines once; a block is open while `label` is set.
  private static final class Reader {
    private final String text;
    private final boolean commented;
    private final List<Pem> blocks = new ArrayList<>();
    private final StringBuilder body = new StringBuilder();
    private @Nullable String label;

    Reader(String text, boolean commented) {
      if (text.length() > TEXT_CHARS_MAX) {
        throw new BadPem(
            "PEM text must hold at most %d characters, was %d"
                .formatted(TEXT_CHARS_MAX, text.length()));
      }
      this.text = text;
      this.commented = commented;
    }

    List<Pem> blocks() {
      int number = 0;
      for (var line : text.lines().toList()) {
        read(++number, line.strip());
      }
      if (label != null) {
        throw new BadPem("the block BEGIN " + label + " has no END line; was the text cut off?");
      }
      return List.copyOf(blocks);
    }

    private void read(int number, String line) {
      var boundary = BOUNDARY.matcher(line);
      if (boundary.matches()) {
        cross(number, boundary.group(1).equals("BEGIN"), boundary.group(2));
      } else if (label != null) {
        body.append(line);
      } else if (!line.isEmpty() && (!commented || line.startsWith("-----"))) {
        throw new BadPem("line %d is outside any PEM block; remove it".formatted(number));
      }
    }

    private void cross(int number, boolean begin, String name) {
      if (begin == (label != null) || (!begin && !name.equals(label))) {
        throw new BadPem(
            "line %d: found %s %s %s"
                .formatted(
                    number,
                    begin ? "BEGIN" : "END",
                    name,
                    label == null ? "without its BEGIN" : "inside the block BEGIN " + label));
      }
      if (!begin) {
        blocks.add(new Pem(name, decode(name)));
      }
      label = begin ? name : null;
      body.setLength(0);
    }

    private byte[] decode(String name) {
      try {
        return Base64.getDecoder().decode(body.toString());
      } catch (IllegalArgumentException e) {
        throw new BadPem(
            "the block BEGIN %s is not plain base64%s"
                .formatted(name, body.indexOf(":") >= 0 ? "; decrypt it first" : ""),
            e);
      }
    }
  }
}
