package io.nave.apiserver.http;

import io.nave.api.ApiError;
import io.nave.api.ResourceType;
import java.util.List;

/// Which options of lists and watches go together: Kubernetes' `ValidateListOptions`.
final class ListChecks {
  private static final ResourceType OPTIONS =
      ResourceType.of("meta.k8s.io", "v1", "ListOptions", "listoptions", false);
  private static final String MATCH = "resourceVersionMatch";
  private static final String INITIAL = "sendInitialEvents";

  private ListChecks() {}

  /// @throws ApiError Invalid
  static void list(Query query) {
    var match = query.text(MATCH);
    var revision = query.text("resourceVersion");
    require(!query.has(INITIAL), INITIAL, "sendInitialEvents is forbidden for list");
    if (match.isEmpty()) {
      checkContinue(query, revision);
      return;
    }
    require(
        !revision.isEmpty(),
        MATCH,
        "resourceVersionMatch is forbidden unless resourceVersion is provided");
    require(
        query.text("continue").isEmpty(),
        MATCH,
        "resourceVersionMatch is forbidden when continue is provided");
    supported(match, "Exact", "NotOlderThan", "");
    require(
        !(match.equals("Exact") && revision.equals("0")),
        MATCH,
        "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"");
  }

  private static void checkContinue(Query query, String revision) {
    if (!query.text("continue").isEmpty() && !revision.isEmpty() && !revision.equals("0")) {
      throw ApiError.badRequest("specifying resource version is not allowed when using continue");
    }
  }

  /// @throws ApiError Invalid
  static void watch(Query query) {
    var match = query.text(MATCH);
    if (query.has(INITIAL)) {
      require(
          match.equals("NotOlderThan"),
          MATCH,
          "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
    } else {
      require(
          match.isEmpty(),
          MATCH,
          "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided");
    }
    require(
        match.isEmpty() || query.text("continue").isEmpty(),
        MATCH,
        "resourceVersionMatch is forbidden when continue is provided");
  }

  private static void supported(String found, String... values) {
    if (!List.of(values).contains(found)) {
      throw invalid(
          MATCH,
          "FieldValueNotSupported",
          "Unsupported value: \"%s\": supported values: \"%s\""
              .formatted(found, String.join("\", \"", values)));
    }
  }

  private static void require(boolean holds, String field, String message) {
    if (!holds) {
      throw invalid(field, "FieldValueForbidden", "Forbidden: " + message);
    }
  }

  private static ApiError invalid(String field, String reason, String message) {
    return ApiError.invalid(OPTIONS, "", List.of(new ApiError.Cause(reason, field, message)));
  }
}
