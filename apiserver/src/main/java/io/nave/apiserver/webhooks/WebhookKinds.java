package io.nave.apiserver.webhooks;

import io.nave.apiserver.registry.ServedType;
import java.util.List;

/// The kinds that configure webhooks.
public final class WebhookKinds {
  private WebhookKinds() {}

  /// In the order of discovery.
  public static List<ServedType> all() {
    return List.of(
        ServedType.of(MutatingWebhookConfiguration.class, WebhookStrategy.mutating())
            .withColumns(object -> List.of(object.at("/webhooks").size())),
        ServedType.of(ValidatingWebhookConfiguration.class, WebhookStrategy.validating())
            .withColumns(object -> List.of(object.at("/webhooks").size())));
  }
}
