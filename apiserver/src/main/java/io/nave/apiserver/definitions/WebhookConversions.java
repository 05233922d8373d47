package io.nave.apiserver.definitions;

import io.nave.api.Absent;
import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.apiserver.definitions.CustomResourceDefinition.ClientConfig;
import io.nave.apiserver.outbound.Calls;
import io.nave.runtime.Host;
import io.nave.runtime.Monitor;
import io.nave.runtime.Transport;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Conversion as each definition asks for: by another name, or by its webhook, which is sent
/// `ConversionReview`s of version v1. Thread-safe.
///
/// What a webhook made of a stored object is kept as long as that object is; a list asks for all it
/// does not know at once, some hundreds to a question.
final class WebhookConversions implements Conversions {
  private static final Duration AT_MOST = Duration.ofSeconds(30); // as kube-apiserver waits
  private static final int OBJECTS_MAX = 500; // of one question
  private static final String VERSION = "apiextensions.k8s.io/v1";

  private final Host host;
  private final Calls calls;

  WebhookConversions(Host host, Calls calls) {
    this.host = host;
    this.calls = calls;
  }

  @Override
  public Between of(CustomResourceDefinition definition, Map<String, VersionedType> versions) {
    var conversion = definition.spec().conversion();
    if (conversion == null || !conversion.strategy().equals("Webhook")) {
      return Conversions::renamed;
    }
    var webhook = conversion.webhook();
    var client = webhook == null ? null : webhook.clientConfig();
    return new Asked(
        Absent.or(client, new ClientConfig(null, null, null)),
        webhook != null && webhook.conversionReviewVersions().contains("v1"));
  }

  /// By one definition's webhook.
  private final class Asked implements Between {
    private final ClientConfig client;
    private final boolean speaks;
    private final Monitor monitor = host.monitor();
    private final Map<String, Map<ApiObject, ApiObject>> kept = new HashMap<>(); // under monitor

    Asked(ClientConfig client, boolean speaks) {
      this.client = client;
      this.speaks = speaks;
    }

    @Override
    public ApiObject convert(ApiObject object, VersionedType wanted) {
      if (wanted.holds(object)) {
        return object;
      }
      var known = known(object, wanted);
      if (known != null) {
        return known;
      }
      var converted = ask(List.of(object), wanted).getFirst();
      keep(object, converted, wanted);
      return converted;
    }

    @Override
    public void ahead(List<ApiObject> objects, VersionedType wanted) {
      var missing =
          objects.stream()
              .filter(object -> !wanted.holds(object) && known(object, wanted) == null)
              .toList();
      for (var from = 0; from < missing.size(); from += OBJECTS_MAX) {
        var some = missing.subList(from, Math.min(missing.size(), from + OBJECTS_MAX));
        try {
          var converted = ask(some, wanted);
          for (var i = 0; i < some.size(); i++) {
            keep(some.get(i), converted.get(i), wanted);
          }
        } catch (ApiError e) {
          return; // whoever needs one of them hears of it
        }
      }
    }

    private @Nullable ApiObject known(ApiObject object, VersionedType wanted) {
      try (var _ = monitor.lock()) {
        return of(wanted).get(object);
      }
    }

    private void keep(ApiObject object, ApiObject converted, VersionedType wanted) {
      try (var _ = monitor.lock()) {
        of(wanted).put(object, converted);
      }
    }

    /// Under monitor. Equal objects are converted equally; one that is no longer in the store is
    /// forgotten.
    private Map<ApiObject, ApiObject> of(VersionedType wanted) {
      return kept.computeIfAbsent(wanted.type().version(), _ -> new WeakHashMap<>());
    }

    private List<ApiObject> ask(List<ApiObject> objects, VersionedType wanted) {
      var uid = uid();
      var review = Json.object().put("kind", "ConversionReview").put("apiVersion", VERSION);
      var request = review.putObject("request").put("uid", uid);
      request.put("desiredAPIVersion", wanted.type().apiVersion());
      var sent = request.putArray("objects");
      objects.forEach(object -> sent.add(object.json()));
      var answer = answer(Json.encode(review), wanted).path("response");
      if (!answer.path("uid").asString("").equals(uid)) {
        throw failed(
            wanted,
            "expected response.uid=\""
                + uid
                + "\", got \""
                + answer.path("uid").asString("")
                + "\"");
      }
      var result = answer.path("result");
      if (!result.path("status").asString("").equals("Success")) {
        throw failed(wanted, result.path("message").asString("it did not say why"));
      }
      return taken(objects, answer.path("convertedObjects"), wanted);
    }

    private JsonNode answer(byte[] review, VersionedType wanted) {
      var url = client.url();
      if (url == null) {
        throw failed(
            wanted,
            "a hub has no Services to resolve: name the webhook by"
                + " spec.conversion.webhook.clientConfig.url");
      }
      if (!speaks) {
        throw failed(wanted, "its conversionReviewVersions must include v1");
      }
      try {
        var response = calls.send("POST", url, pem(), review, AT_MOST);
        if (response.status() != 200) {
          throw failed(wanted, "the server responded with the status code " + response.status());
        }
        return Json.parse(response.body());
      } catch (Transport.Unreachable e) {
        throw failed(wanted, "Post \"" + url + "\": " + e.getMessage());
      }
    }

    private String pem() {
      return new String(
          Base64.getMimeDecoder().decode(Absent.toEmpty(client.caBundle())),
          StandardCharsets.US_ASCII);
    }
  }

  /// The converted objects, in order: of the wanted version, and still the same ones.
  private static List<ApiObject> taken(
      List<ApiObject> objects, JsonNode converted, VersionedType wanted) {
    if (converted.size() != objects.size()) {
      throw failed(
          wanted, "expected " + objects.size() + " converted objects, got " + converted.size());
    }
    var all = new ArrayList<ApiObject>();
    for (var i = 0; i < objects.size(); i++) {
      if (!(converted.get(i) instanceof ObjectNode tree)) {
        throw failed(wanted, "converted object " + i + " is no object");
      }
      all.add(checked(objects.get(i), ApiObject.of(tree), wanted));
    }
    return all;
  }

  private static ApiObject checked(ApiObject before, ApiObject after, VersionedType wanted) {
    if (!after.apiVersion().equals(wanted.type().apiVersion())
        || !after.kind().equals(before.kind())) {
      throw failed(
          wanted, "it returned " + after.apiVersion() + ", Kind=" + after.kind() + " instead");
    }
    if (!after.key().equals(before.key()) || !Objects.equals(after.uid(), before.uid())) {
      throw failed(wanted, "it changed the object's name, namespace or uid");
    }
    // Of the metadata, labels and annotations alone are its to change.
    return after.edit(tree -> {
      var meta = (ObjectNode) before.metadata().deepCopy();
      for (var field : List.of("labels", "annotations")) {
        var said = after.metadata().get(field);
        meta.remove(field);
        if (said != null) {
          meta.set(field, said.deepCopy());
        }
      }
      tree.set("metadata", meta);
    });
  }

  private static ApiError failed(VersionedType wanted, String why) {
    return ApiError.internal(
        "conversion webhook for "
            + wanted.type().apiVersion()
            + ", Kind="
            + wanted.type().kind()
            + " failed: "
            + why);
  }

  private String uid() {
    var random = host.random();
    var high = (random.nextLong() & ~0xF000L) | 0x4000L; // version 4
    var low = (random.nextLong() & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L;
    return new UUID(high, low).toString();
  }
}
