package io.nave.api;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A request that was refused, as Kubernetes says it: a [Reason], a message for people, and the
/// causes field by field. The same type on both sides of the wire.
public final class ApiError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// The reasons clients branch on, with the code that goes with each.
  public enum Reason {
    BAD_REQUEST(400, "BadRequest"),
    UNAUTHORIZED(401, "Unauthorized"),
    FORBIDDEN(403, "Forbidden"),
    NOT_FOUND(404, "NotFound"),
    METHOD_NOT_ALLOWED(405, "MethodNotAllowed"),
    NOT_ACCEPTABLE(406, "NotAcceptable"),
    ALREADY_EXISTS(409, "AlreadyExists"),
    CONFLICT(409, "Conflict"),
    EXPIRED(410, "Expired"),
    REQUEST_ENTITY_TOO_LARGE(413, "RequestEntityTooLarge"),
    UNSUPPORTED_MEDIA_TYPE(415, "UnsupportedMediaType"),
    INVALID(422, "Invalid"),
    TOO_MANY_REQUESTS(429, "TooManyRequests"),
    INTERNAL_ERROR(500, "InternalError"),
    SERVICE_UNAVAILABLE(503, "ServiceUnavailable"),
    TIMEOUT(504, "Timeout"),
    INSUFFICIENT_STORAGE(507, "InsufficientStorage"),
    UNKNOWN(0, "");

    private final int code;
    private final String text;

    Reason(int code, String text) {
      this.code = code;
      this.text = text;
    }

    public int code() {
      return code;
    }

    /// As it stands in `Status.reason`.
    public String text() {
      return text;
    }
  }

  /// One fault in one field.
  ///
  /// @param reason `FieldValueRequired`, `FieldValueInvalid`, `FieldValueNotSupported`, ...
  /// @param field path such as `spec.taints[0].effect`
  public record Cause(String reason, String field, String message) {}

  private final Reason reason;
  private final int code;
  private final transient @Nullable ResourceType type;
  private final String name;
  private final transient List<Cause> causes;
  private final int retryAfterSeconds;
  private final String next;

  private ApiError(
      Reason reason,
      int code,
      String message,
      @Nullable ResourceType type,
      String name,
      List<Cause> causes,
      int retryAfterSeconds) {
    this(reason, code, message, type, name, causes, retryAfterSeconds, "");
  }

  private ApiError(
      Reason reason,
      int code,
      String message,
      @Nullable ResourceType type,
      String name,
      List<Cause> causes,
      int retryAfterSeconds,
      String next) {
    super(message);
    this.reason = reason;
    this.code = code;
    this.type = type;
    this.name = name;
    this.causes = List.copyOf(causes);
    this.retryAfterSeconds = retryAfterSeconds;
    this.next = next;
  }

  private static ApiError of(Reason reason, String message) {
    return new ApiError(reason, reason.code(), message, null, "", List.of(), 0);
  }

  private static ApiError of(Reason reason, String message, ResourceType type, String name) {
    return new ApiError(reason, reason.code(), message, type, name, List.of(), 0);
  }

  public static ApiError badRequest(String message) {
    return of(Reason.BAD_REQUEST, message);
  }

  public static ApiError unauthorized(String message) {
    return of(Reason.UNAUTHORIZED, message);
  }

  public static ApiError forbidden(ResourceType type, String name, String why) {
    return of(Reason.FORBIDDEN, forbidding(type, name, why), type, name);
  }

  /// As [#forbidden(ResourceType, String, String)], with a cause that programs can tell.
  public static ApiError forbidden(ResourceType type, String name, String why, Cause cause) {
    return new ApiError(
        Reason.FORBIDDEN,
        Reason.FORBIDDEN.code(),
        forbidding(type, name, why),
        type,
        name,
        List.of(cause),
        0);
  }

  /// What a policy refuses for a reason of its own: told as [#forbidden(ResourceType, String,
  /// String)], with that reason and its code.
  public static ApiError denied(Reason reason, ResourceType type, String name, String why) {
    // Details name the resource, whatever the reason.
    var resource =
        ResourceType.of(
            type.group(), type.version(), type.plural(), type.plural(), type.namespaced());
    var code = reason == Reason.INVALID ? 422 : reason.code();
    var cause = new Cause("", "", why);
    return new ApiError(
        reason, code, forbidding(type, name, why), resource, name, List.of(cause), 0);
  }

  private static String forbidding(ResourceType type, String name, String why) {
    var what = type.resource() + (name.isEmpty() ? "" : " \"" + name + "\"");
    return what + " is forbidden: " + why;
  }

  /// For requests that are about no resource.
  public static ApiError forbidden(String message) {
    return of(Reason.FORBIDDEN, message);
  }

  public static ApiError notFound(ResourceType type, String name) {
    return of(Reason.NOT_FOUND, type.resource() + " \"" + name + "\" not found", type, name);
  }

  /// There is no such path on this server.
  public static ApiError noSuchPath() {
    return of(Reason.NOT_FOUND, "the server could not find the requested resource");
  }

  public static ApiError methodNotAllowed(String message) {
    return of(Reason.METHOD_NOT_ALLOWED, message);
  }

  public static ApiError notAcceptable(String message) {
    return of(Reason.NOT_ACCEPTABLE, message);
  }

  public static ApiError alreadyExists(ResourceType type, String name) {
    return of(
        Reason.ALREADY_EXISTS, type.resource() + " \"" + name + "\" already exists", type, name);
  }

  /// Someone else wrote in between: read again and retry.
  public static ApiError conflict(ResourceType type, String name, String why) {
    return of(
        Reason.CONFLICT,
        "Operation cannot be fulfilled on " + type.resource() + " \"" + name + "\": " + why,
        type,
        name);
  }

  /// An apply that would take fields from others; each cause names one of them and its field.
  public static ApiError applyConflict(String message, List<Cause> causes) {
    return new ApiError(Reason.CONFLICT, Reason.CONFLICT.code(), message, null, "", causes, 0);
  }

  /// The asked-for revision is no longer held: list again.
  public static ApiError expired(String message) {
    return of(Reason.EXPIRED, message);
  }

  /// The list under way is no longer held; `next` continues it from the present state instead.
  public static ApiError expired(String message, String next) {
    return new ApiError(
        Reason.EXPIRED, Reason.EXPIRED.code(), message, null, "", List.of(), 0, next);
  }

  /// A revision that this server has not come to; it may when asked again.
  public static ApiError notYet(String wanted, long current) {
    var cause = new Cause("ResourceVersionTooLarge", "", "Too large resource version");
    return new ApiError(
        Reason.TIMEOUT,
        Reason.TIMEOUT.code(),
        "Timeout: Too large resource version: " + wanted + ", current: " + current,
        null,
        "",
        List.of(cause),
        1);
  }

  public static ApiError invalid(ResourceType type, String name, List<Cause> causes) {
    var faults = new ArrayList<String>();
    for (var cause : causes) {
      faults.add(cause.field() + ": " + cause.message());
    }
    var all = faults.size() == 1 ? faults.getFirst() : "[" + String.join(", ", faults) + "]";
    var what = type.kind() + (type.group().isEmpty() ? "" : "." + type.group());
    return new ApiError(
        Reason.INVALID, 422, what + " \"" + name + "\" is invalid: " + all, type, name, causes, 0);
  }

  public static ApiError tooLarge(String message) {
    return of(Reason.REQUEST_ENTITY_TOO_LARGE, message);
  }

  public static ApiError unsupportedMediaType(String message) {
    return of(Reason.UNSUPPORTED_MEDIA_TYPE, message);
  }

  public static ApiError tooManyRequests(String message, int retryAfterSeconds) {
    return new ApiError(
        Reason.TOO_MANY_REQUESTS, 429, message, null, "", List.of(), retryAfterSeconds);
  }

  public static ApiError unavailable(String message) {
    return of(Reason.SERVICE_UNAVAILABLE, message);
  }

  /// There is no room for what grows; deletes pass. Kubernetes has no reason of its own for it.
  public static ApiError insufficientStorage(String message) {
    return of(Reason.INSUFFICIENT_STORAGE, message);
  }

  /// It took longer than the server waits.
  public static ApiError timeout(String message) {
    return of(Reason.TIMEOUT, message);
  }

  public static ApiError internal(String message) {
    return of(Reason.INTERNAL_ERROR, message);
  }

  /// The error that a server's answer carries; also for answers that are no `Status`.
  ///
  /// @param code HTTP status of the answer
  /// @param body whatever came with it
  public static ApiError fromAnswer(int code, byte[] body) {
    JsonNode status;
    try {
      status = Json.parse(body);
    } catch (ApiError e) {
      status = Json.object();
    }
    var text = status.path("reason").asString("");
    var message = status.path("message").asString("the server answered " + code);
    var found = Reason.UNKNOWN;
    for (var candidate : Reason.values()) {
      if (!text.isEmpty() ? candidate.text().equals(text) : candidate.code() == code) {
        found = candidate;
        break;
      }
    }
    var causes = new ArrayList<Cause>();
    for (var cause : status.path("details").path("causes")) {
      causes.add(
          new Cause(
              cause.path("reason").asString(""),
              cause.path("field").asString(""),
              cause.path("message").asString("")));
    }
    var retryAfter = status.path("details").path("retryAfterSeconds").asInt(0);
    return new ApiError(found, code, message, null, "", causes, retryAfter);
  }

  /// As a `v1 Status` object.
  public ObjectNode toStatus() {
    var status = Json.object();
    status.put("kind", "Status").put("apiVersion", "v1");
    var metadata = status.putObject("metadata");
    if (!next.isEmpty()) {
      metadata.put("continue", next);
    }
    status.put("status", "Failure").put("message", getMessage());
    if (reason != Reason.UNKNOWN) {
      status.put("reason", reason.text());
    }
    var details = details();
    var bare = reason == Reason.METHOD_NOT_ALLOWED || reason == Reason.NOT_FOUND;
    if (!details.isEmpty() || bare) {
      status.set("details", details);
    }
    return status.put("code", code);
  }

  private ObjectNode details() {
    var details = Json.object();
    if (type != null) {
      if (!name.isEmpty()) {
        details.put("name", name);
      }
      if (!type.group().isEmpty()) {
        details.put("group", type.group());
      }
      details.put("kind", reason == Reason.INVALID ? type.kind() : type.plural());
    }
    if (!causes.isEmpty()) {
      var array = details.putArray("causes");
      for (var cause : causes) {
        var said = array.addObject().put("reason", cause.reason());
        said.put("message", cause.message());
        if (!cause.field().isEmpty()) {
          said.put("field", cause.field());
        }
      }
    }
    if (retryAfterSeconds > 0) {
      details.put("retryAfterSeconds", retryAfterSeconds);
    }
    return details;
  }

  public Reason reason() {
    return reason;
  }

  public int code() {
    return code;
  }

  public List<Cause> causes() {
    return causes;
  }

  /// Seconds to wait before trying again, 0 when the server did not say.
  public int retryAfterSeconds() {
    return retryAfterSeconds;
  }

  public boolean is(Reason other) {
    return reason == other;
  }
}
