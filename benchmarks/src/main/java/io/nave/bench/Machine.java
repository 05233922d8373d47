package io.nave.bench;

import io.nave.api.Json;
import io.nave.runtime.Host;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import tools.jackson.databind.node.ObjectNode;

/// What a scenario ran on.
final class Machine {
  private Machine() {}

  static ObjectNode describe(Host host) {
    return Json.object()
        .put("cpus", Runtime.getRuntime().availableProcessors())
        .put("cpu", field(host, "/proc/cpuinfo", "model name"))
        .put("memoryBytes", memoryBytes(host))
        .put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"))
        .put("arch", System.getProperty("os.arch"))
        .put("java", System.getProperty("java.vendor") + " " + System.getProperty("java.version"))
        .put("loadAverage", load(host))
        .put("date", host.now().toString());
  }

  private static long memoryBytes(Host host) {
    var text = field(host, "/proc/meminfo", "MemTotal").replace("kB", "").strip();
    return text.isEmpty() ? 0 : Long.parseLong(text) * 1024;
  }

  private static double load(Host host) {
    var text = text(host, "/proc/loadavg").strip();
    return text.isEmpty() ? 0 : Double.parseDouble(text.split(" ")[0]);
  }

  private static String field(Host host, String file, String name) {
    return text(host, file)
        .lines()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("");
  }

  private static String text(Host host, String file) {
    return host.disk()
        .read(Path.of(file))
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
        .orElse("");
  }
}
