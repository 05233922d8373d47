package io.nave.apiserver;

import io.nave.api.Json;
import io.nave.apiserver.outbound.Dialer;
import io.nave.runtime.Transport;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Webhooks in this process, by the path of their URL: each is handed a review's request and says
/// what its response holds beside the uid.
public final class FakeWebhooks implements Dialer {
  /// What was asked, in order: the review, and `target` with the path and query.
  public final List<JsonNode> asked = Collections.synchronizedList(new ArrayList<>());

  private final Map<String, Function<JsonNode, ObjectNode>> hooks = new ConcurrentHashMap<>();
  private final Map<String, Supplier<Transport.Stream>> raw = new ConcurrentHashMap<>();

  /// @param hook from the request of a review to its response
  public FakeWebhooks on(String path, Function<JsonNode, ObjectNode> hook) {
    hooks.put(path, hook);
    return this;
  }

  /// An answer as it comes over the wire.
  public FakeWebhooks answering(String path, int status, String body) {
    raw.put(path, () -> whole(status, body));
    return this;
  }

  /// One that never answers.
  public FakeWebhooks silent(String path) {
    raw.put(
        path,
        () -> {
          throw new Transport.Unreachable("refused", null);
        });
    return this;
  }

  /// A response that lets pass.
  public static ObjectNode allowed() {
    return Json.object().put("allowed", true);
  }

  /// A response that lets pass what a patch made, given as JSON with single quotes.
  public static ObjectNode patching(String patch) {
    var bytes = patch.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    return allowed()
        .put("patchType", "JSONPatch")
        .put("patch", Base64.getEncoder().encodeToString(bytes));
  }

  /// A response that refuses.
  public static ObjectNode denied(String message) {
    var response = Json.object().put("allowed", false);
    response
        .putObject("status")
        .put("message", message)
        .put("code", 403)
        .put("reason", "Forbidden");
    return response;
  }

  @Override
  public Transport dial(String base, String caPem) {
    return new Transport() {
      @Override
      public Response send(Request request) {
        throw new UnsupportedOperationException("only open is used");
      }

      @Override
      public Stream open(Request request) {
        return answer(request);
      }

      @Override
      public void close() {}
    };
  }

  private Transport.Stream answer(Transport.Request request) {
    var path = request.target().split("\\?", 2)[0];
    var review = Json.parseObject(request.body());
    asked.add(review.deepCopy().put("target", request.target()));
    var fixed = raw.get(path);
    if (fixed != null) {
      return fixed.get();
    }
    var hook = hooks.get(path);
    if (hook == null) {
      return whole(404, "not found");
    }
    var response = hook.apply(review.path("request"));
    response.set("uid", review.path("request").path("uid"));
    return whole(200, Json.text(answered(review, response)));
  }

  private static ObjectNode answered(ObjectNode review, ObjectNode response) {
    var answer = review.deepCopy();
    answer.remove("request");
    answer.set("response", response);
    return answer;
  }

  private static Transport.Stream whole(int status, String body) {
    var left = new AtomicReference<>(body.getBytes(StandardCharsets.UTF_8));
    return new Transport.Stream() {
      @Override
      public int status() {
        return status;
      }

      @Override
      public byte[] next(Duration atMost) {
        return left.getAndSet(null);
      }

      @Override
      public boolean ended() {
        return left.get() == null;
      }

      @Override
      public void close() {}
    };
  }
}
