package io.nave.apiserver.webhooks;

import io.nave.api.Absent;
import io.nave.api.Kind;
import io.nave.api.LabelSelector;
import io.nave.api.Meta;
import io.nave.api.Resource;
import io.nave.api.schema.Default;
import io.nave.api.schema.Doc;
import io.nave.api.schema.ListAtomic;
import io.nave.api.schema.ListMap;
import io.nave.api.schema.OneOf;
import io.nave.api.schema.Required;
import io.nave.apiserver.matching.Conditions;
import io.nave.apiserver.matching.MatchRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Webhooks that may refuse objects before they are stored.
@Doc("ValidatingWebhookConfiguration names webhooks that may refuse an object before it is stored.")
@Kind(
    group = "admissionregistration.k8s.io",
    version = "v1",
    plural = "validatingwebhookconfigurations",
    namespaced = false,
    status = false,
    columns = {
      @Kind.PrintColumn(name = "Webhooks", path = ""),
      @Kind.PrintColumn(name = "Age", type = "date", path = ".metadata.creationTimestamp")
    })
public record ValidatingWebhookConfiguration(Meta metadata, @ListMap("name") List<Webhook> webhooks)
    implements Resource {
  public ValidatingWebhookConfiguration {
    webhooks = Absent.toEmpty(webhooks);
  }

  /// One of them; see [Hook].
  public record Webhook(
      @Required String name,
      @Required ClientConfig clientConfig,
      @ListAtomic List<MatchRule> rules,
      @Default("Fail") @OneOf({"Fail", "Ignore"}) String failurePolicy,
      @Default("Equivalent") @OneOf({"Equivalent", "Exact"}) String matchPolicy,
      @Default("{}") @Nullable LabelSelector namespaceSelector,
      @Default("{}") @Nullable LabelSelector objectSelector,
      @Required String sideEffects,
      @Default("10") int timeoutSeconds,
      @Required @ListAtomic List<String> admissionReviewVersions,
      @ListMap("name") List<Conditions.Written> matchConditions)
      implements Hook {
    public Webhook {
      name = Absent.toEmpty(name);
      clientConfig = Absent.or(clientConfig, ClientConfig.NONE);
      rules = Absent.toEmpty(rules);
      failurePolicy = Absent.or(failurePolicy, FAIL);
      matchPolicy = Absent.or(matchPolicy, "Equivalent");
      sideEffects = Absent.toEmpty(sideEffects);
      admissionReviewVersions = Absent.toEmpty(admissionReviewVersions);
      matchConditions = Absent.toEmpty(matchConditions);
    }
  }
}
