package io.nave.apiserver.webhooks;

import io.nave.api.Absent;
import io.nave.api.LabelSelector;
import io.nave.api.schema.Format;
import io.nave.api.schema.Preserve;
import io.nave.apiserver.matching.Conditions;
import io.nave.apiserver.matching.MatchRule;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What mutating and validating webhooks have in common; the names are those of the API.
interface Hook {
  String FAIL = "Fail";
  String IGNORE = "Ignore";

  String name();

  ClientConfig clientConfig();

  List<MatchRule> rules();

  /// [#FAIL] or [#IGNORE].
  String failurePolicy();

  /// `Equivalent` or `Exact`.
  String matchPolicy();

  @Nullable LabelSelector namespaceSelector();

  @Nullable LabelSelector objectSelector();

  /// `None` or `NoneOnDryRun`: those of version v1, which both may be asked on a dry run.
  String sideEffects();

  int timeoutSeconds();

  List<String> admissionReviewVersions();

  List<Conditions.Written> matchConditions();

  /// Where a webhook listens.
  ///
  /// @param url `https://host:port/path`
  /// @param service a Service of a cluster; a hub has none behind it, so it is refused
  /// @param caBundle PEM, whom the server must be signed by; absent: whom the Java runtime trusts
  record ClientConfig(
      @Nullable String url,
      @Preserve @Nullable JsonNode service,
      @Format("byte") @Nullable String caBundle) {
    static final ClientConfig NONE = new ClientConfig(null, null, null);

    /// The certificates in clear; empty for none.
    String caPem() {
      var encoded = Absent.toEmpty(caBundle);
      return encoded.isEmpty()
          ? ""
          : new String(Base64.getDecoder().decode(encoded), StandardCharsets.US_ASCII);
    }
  }
}
