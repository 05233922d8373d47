package io.nave.api.patch;

import io.nave.api.Json;
import java.util.SplittableRandom;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.DoubleNode;
import tools.jackson.databind.node.IntNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.LongNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/// Objects drawn from a seed, with few field names so that two of them have much in common.
public final class RandomJson {
  private static final String[] TEXTS = {
    "",
    "a",
    "true",
    "017",
    "1e3",
    "~",
    "yes",
    "a: b",
    "# no",
    "- x",
    " lead",
    "trail ",
    "x\ny\n",
    "x\n\n",
    "\n x",
    "tab\there",
    "snow \u2603",
    "\ud83d\ude80",
    "2020-01-01T00:00:00Z",
    "12:30",
    "null",
    "<<",
    "=",
    "{}",
    "[a]",
    "it's",
    "say \"hi\"",
    "back\\slash",
    "bell\u0007",
    "---",
    "a:",
    "-",
    "?",
    "%x",
    "@x",
    "`x`",
    "--flag=1",
    "\u2028",
    "a #b",
    "0x1F",
    ".5",
    "+1",
    "-",
    ".inf",
    "a\r\nb",
    "x \ny",
    "\n",
    "  \n  "
  };

  private final SplittableRandom random;

  public RandomJson(long seed) {
    random = new SplittableRandom(seed);
  }

  public ObjectNode object(int depth) {
    var object = Json.object();
    for (var i = random.nextInt(6); i > 0; i--) {
      object.set("f" + random.nextInt(8), value(depth - 1));
    }
    if (random.nextInt(4) == 0) {
      object.set(TEXTS[random.nextInt(TEXTS.length)], value(depth - 1));
    }
    return object;
  }

  public JsonNode value(int depth) {
    return switch (random.nextInt(depth > 0 ? 9 : 5)) {
      case 0 -> StringNode.valueOf(TEXTS[random.nextInt(TEXTS.length)]);
      case 1 -> IntNode.valueOf(random.nextInt(-3, 3));
      case 2 -> BooleanNode.valueOf(random.nextBoolean());
      case 3 -> LongNode.valueOf(random.nextLong(1L << 40, 1L << 60));
      case 4 -> DoubleNode.valueOf(random.nextInt(-9, 9) + 0.25);
      case 5, 6 -> {
        var list = JsonNodeFactory.instance.arrayNode();
        for (var i = random.nextInt(4); i > 0; i--) {
          list.add(value(depth - 1));
        }
        yield list;
      }
      default -> object(depth);
    };
  }
}
