package io.nave.apiserver.http;

import io.nave.runtime.Service;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/// Whether this server lives and whether it is ready, from named checks. What a failing check found
/// is in the log of the part it belongs to; strangers read this page, so it only names the check.
///
/// @param live checks of `/livez` and `/healthz`: when one fails, restart the process
/// @param ready checks of `/readyz` beside those: while one fails, send nobody here
public record Health(Map<String, BooleanSupplier> live, Map<String, BooleanSupplier> ready) {
  public Health {
    live = Collections.unmodifiableMap(new TreeMap<>(live));
    ready = Collections.unmodifiableMap(new TreeMap<>(ready));
  }

  /// Always well.
  public static Health good() {
    return new Health(Map.of(), Map.of());
  }

  Service.Reply lives(String page) {
    return answer(page, live);
  }

  Service.Reply isReady() {
    var both = new TreeMap<>(live);
    both.putAll(ready);
    return answer("readyz", both);
  }

  private static Service.Reply answer(String page, Map<String, BooleanSupplier> checks) {
    var lines = new StringBuilder();
    var well = true;
    for (var check : checks.entrySet()) {
      var holds = check.getValue().getAsBoolean();
      well &= holds;
      lines
          .append(holds ? "[+]" : "[-]")
          .append(check.getKey())
          .append(holds ? " ok\n" : " failed: reason withheld\n");
    }
    return well
        ? Replies.text(200, "text/plain; charset=utf-8", "ok")
        : Replies.text(503, "text/plain; charset=utf-8", lines + page + " check failed\n");
  }
}
