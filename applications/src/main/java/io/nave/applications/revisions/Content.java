package io.nave.applications.revisions;

import io.nave.api.Json;
import io.nave.applications.api.Application;
import io.nave.work.WorkDigest;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What makes a revision: the spec, what it names beside it, and the version it is published as.
/// Definitions do not: a new version of one reaches an Application with its next own change.
///
/// @param policies external policies in use, by name
/// @param workflow the Workflow it names
/// @param publishVersion empty: it is not pinned
public record Content(
    Application.Spec spec,
    Map<String, JsonNode> policies,
    @Nullable JsonNode workflow,
    String publishVersion) {
  /// On an Application: a new revision is made when its value changes, and only then.
  public static final String PUBLISH_VERSION = "app.oam.dev/publishVersion";

  public Content {
    policies = Map.copyOf(policies);
  }

  /// Equal for equal content, however its JSON is ordered.
  public String digest() {
    var all = Json.object();
    all.set("spec", Json.tree(spec));
    all.set("policies", Json.tree(new TreeMap<>(policies)));
    if (workflow != null) {
      all.set("workflow", workflow);
    }
    all.put("publishVersion", publishVersion);
    return WorkDigest.of(all);
  }
}
