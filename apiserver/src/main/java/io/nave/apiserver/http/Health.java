package io.nave.apiserver.http;

import io.nave.api.ApiError;
import io.nave.runtime.Service;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/// Whether this server lives and whether it is ready, from named checks, told as kube-apiserver
/// tells it: a check is `ok`, `failed` or, where the caller wants it left out, `excluded`. What a
/// failing check found is in the log of the part it belongs to; strangers read this page, so it
/// only names the check. The check `ping`, that anybody answers at all, always holds.
///
/// @param live checks of `/livez` and `/healthz`: when one fails, restart the process
/// @param ready checks of `/readyz` beside those: while one fails, send nobody here
public record Health(Map<String, BooleanSupplier> live, Map<String, BooleanSupplier> ready) {
  private static final String READY = "readyz";
  private static final String TEXT = "text/plain; charset=utf-8";

  public Health {
    live = Collections.unmodifiableMap(new TreeMap<>(live));
    ready = Collections.unmodifiableMap(new TreeMap<>(ready));
  }

  /// Always well.
  public static Health good() {
    return new Health(Map.of(), Map.of());
  }

  /// Whether all is well; with `verbose` in the query, or when it is not, check by check.
  ///
  /// @param page `healthz`, `livez` or `readyz`
  /// @param query `exclude` names checks to leave out
  Service.Reply all(String page, Query query) {
    var excluded = new TreeSet<>(query.all("exclude"));
    var lines = new StringBuilder();
    var well = true;
    for (var check : checks(page).entrySet()) {
      var name = check.getKey();
      if (excluded.remove(name)) {
        lines.append("[+]").append(name).append(" excluded: ok\n");
      } else if (check.getValue().getAsBoolean()) {
        lines.append("[+]").append(name).append(" ok\n");
      } else {
        well = false;
        lines.append("[-]").append(name).append(" failed: reason withheld\n");
      }
    }
    if (!excluded.isEmpty()) {
      lines.append("warn: some health checks cannot be excluded: no matches for ");
      lines.append(quoted(excluded)).append('\n');
    }
    if (!well) {
      return Replies.text(500, TEXT, lines + page + " check failed\n");
    }
    var told = query.has("verbose") ? lines + page + " check passed\n" : "ok";
    return Replies.text(200, TEXT, told);
  }

  /// Whether one check holds, for those who may ask so.
  ///
  /// @throws ApiError NotFound when the page has no such check
  Service.Reply one(String page, String name) {
    var check = checks(page).get(name);
    if (check == null) {
      throw ApiError.noSuchPath();
    }
    return check.getAsBoolean()
        ? Replies.text(200, TEXT, "ok")
        : Replies.text(500, TEXT, "internal server error: the check " + name + " failed\n");
  }

  private Map<String, BooleanSupplier> checks(String page) {
    var checks = new LinkedHashMap<String, BooleanSupplier>();
    checks.put("ping", () -> true);
    checks.putAll(live);
    if (page.equals(READY)) {
      checks.putAll(ready);
    }
    return checks;
  }

  private static String quoted(SortedSet<String> names) {
    return names.stream()
        .map(name -> "\"" + name.replaceAll("[^ -~]|[\"\\\\]", "?") + "\"")
        .collect(Collectors.joining(","));
  }
}
