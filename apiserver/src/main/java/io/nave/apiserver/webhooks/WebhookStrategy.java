package io.nave.apiserver.webhooks;

import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.LabelSelector;
import io.nave.apiserver.admission.Admission.Request;
import io.nave.apiserver.matching.Conditions;
import io.nave.apiserver.registry.Faults;
import io.nave.apiserver.registry.Strategy;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashSet;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Configurations of webhooks, of either kind: what stands there can be called, or is refused.
final class WebhookStrategy implements Strategy {
  private static final List<String> SIDE_EFFECTS = List.of("None", "NoneOnDryRun");

  private final Function<ApiObject, List<? extends Hook>> hooks;

  private WebhookStrategy(Function<ApiObject, List<? extends Hook>> hooks) {
    this.hooks = hooks;
  }

  static WebhookStrategy mutating() {
    return new WebhookStrategy(
        object -> Codec.decode(object, MutatingWebhookConfiguration.class).webhooks());
  }

  static WebhookStrategy validating() {
    return new WebhookStrategy(
        object -> Codec.decode(object, ValidatingWebhookConfiguration.class).webhooks());
  }

  @Override
  public boolean builtIn() {
    return true;
  }

  @Override
  public boolean countsGenerations() {
    return true;
  }

  @Override
  public void validate(Request request, Faults faults) {
    if (!faults.isEmpty()) {
      return; // it has no form that could be read
    }
    var names = new HashSet<String>();
    var all = hooks.apply(request.object());
    for (var i = 0; i < all.size(); i++) {
      var at = "webhooks[" + i + "]";
      var hook = all.get(i);
      if (hook.name().split("\\.", -1).length < 3) {
        faults.invalid(
            at + ".name",
            hook.name(),
            "should be a domain with at least three segments separated by dots");
      }
      if (!names.add(hook.name())) {
        faults.invalid(at + ".name", hook.name(), "must be unique");
      }
      hook(hook, at, faults);
    }
  }

  private static void hook(Hook hook, String at, Faults faults) {
    client(hook.clientConfig(), at + ".clientConfig", faults);
    for (var i = 0; i < hook.rules().size(); i++) {
      hook.rules().get(i).validate(at + ".rules[" + i + "]", faults);
    }
    selector(hook.namespaceSelector(), at + ".namespaceSelector", faults);
    selector(hook.objectSelector(), at + ".objectSelector", faults);
    if (!SIDE_EFFECTS.contains(hook.sideEffects())) {
      faults.notSupported(at + ".sideEffects", hook.sideEffects(), SIDE_EFFECTS);
    }
    if (hook.timeoutSeconds() < 1 || hook.timeoutSeconds() > 30) {
      faults.invalid(
          at + ".timeoutSeconds",
          hook.timeoutSeconds(),
          "the timeout value must be between 1 and 30 seconds");
    }
    if (hook.admissionReviewVersions().isEmpty()) {
      faults.required(at + ".admissionReviewVersions", "must specify one of v1, v1beta1");
    } else if (!hook.admissionReviewVersions().contains("v1")) {
      faults.invalid(
          at + ".admissionReviewVersions",
          hook.admissionReviewVersions(),
          "must include v1, the version that this server speaks");
    }
    if (!hook.matchConditions().isEmpty()) {
      Conditions.validate(hook.matchConditions(), at + ".matchConditions", faults);
    }
  }

  private static void selector(@Nullable LabelSelector selector, String at, Faults faults) {
    if (selector != null) {
      selector.fault().ifPresent(fault -> faults.invalid(at, "", fault));
    }
  }

  private static void client(Hook.ClientConfig client, String at, Faults faults) {
    if (client.service() != null && !client.service().isNull()) {
      faults.forbidden(
          at + ".service",
          "a hub has no Services to resolve: name the webhook by clientConfig.url, such as"
              + " https://host:8443/path");
    } else if (client.url() == null) {
      faults.required(at, "exactly one of url or service is required");
    } else {
      url(client.url(), at + ".url", faults);
    }
    try {
      var pem = client.caPem();
      if (!pem.isEmpty() && !pem.contains("-----BEGIN CERTIFICATE-----")) {
        faults.invalid(
            at + ".caBundle",
            "<value omitted>",
            "unable to load root certificates: unable to parse bytes as PEM block");
      }
    } catch (IllegalArgumentException e) {
      faults.invalid(at + ".caBundle", "<value omitted>", "must be PEM in base64");
    }
  }

  private static void url(String url, String at, Faults faults) {
    var form = "; desired format: https://host[:port]/path";
    try {
      var uri = new URI(url);
      if (!"https".equals(uri.getScheme())) {
        faults.invalid(
            at, String.valueOf(uri.getScheme()), "'https' is the only allowed URL scheme" + form);
      }
      if (uri.getHost() == null) {
        faults.invalid(at, "", "host must be specified" + form);
      }
      if (uri.getRawUserInfo() != null) {
        faults.invalid(at, "<value omitted>", "user information is not permitted in the URL");
      }
      if (uri.getRawFragment() != null) {
        faults.invalid(at, uri.getRawFragment(), "fragments are not permitted in the URL");
      }
      if (uri.getRawQuery() != null) {
        faults.invalid(at, uri.getRawQuery(), "query parameters are not permitted in the URL");
      }
    } catch (URISyntaxException e) {
      faults.required(at, "url must be a valid URL: " + e.getMessage() + form);
    }
  }
}
