package io.nave.registration.api;

import io.nave.api.Absent;
import io.nave.api.Condition;
import io.nave.api.Kind;
import io.nave.api.Meta;
import io.nave.api.Resource;
import io.nave.api.schema.Default;
import io.nave.api.schema.Doc;
import io.nave.api.schema.ListMap;
import io.nave.api.schema.OneOf;
import io.nave.api.schema.Required;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An add-on that one cluster has (spec §2.13). Agents of every make list and watch these, also
/// where there are none; registration deletes them when the cluster leaves.
@Doc("An add-on that one cluster has; lives in the cluster's namespace.")
@Kind(
    group = ManagedClusterAddOn.GROUP,
    version = "v1beta1",
    plural = "managedclusteraddons",
    shortNames = {"mca", "mcas"},
    columns = {
      @Kind.PrintColumn(
          name = "Available",
          path = ".status.conditions[?(@.type==\"Available\")].status"),
      @Kind.PrintColumn(
          name = "Degraded",
          path = ".status.conditions[?(@.type==\"Degraded\")].status"),
      @Kind.PrintColumn(
          name = "Progressing",
          path = ".status.conditions[?(@.type==\"Progressing\")].status")
    })
public record ManagedClusterAddOn(Meta metadata, @Required Spec spec, Status status)
    implements Resource {
  public static final String GROUP = "addon.open-cluster-management.io";

  public ManagedClusterAddOn {
    spec = Absent.or(spec, new Spec(List.of()));
    status =
        Absent.or(
            status,
            new Status(List.of(), null, null, List.of(), List.of(), List.of(), List.of(), null));
  }

  public record Spec(List<Config> configs) {
    public Spec {
      configs = Absent.toEmpty(configs);
    }
  }

  public record Config(
      @Default("\"\"") @Nullable String group,
      @Required String resource,
      @Nullable String namespace,
      @Required String name) {}

  public record Status(
      @ListMap("type") List<Condition> conditions,
      @Nullable String namespace,
      @Nullable HealthCheck healthCheck,
      List<RelatedObject> relatedObjects,
      @ListMap({"group", "resource"}) List<SupportedConfig> supportedConfigs,
      List<ConfigReference> configReferences,
      List<Registration> registrations,
      @Nullable AddOnMeta addOnMeta) {
    public Status {
      conditions = Absent.toEmpty(conditions);
      relatedObjects = Absent.toEmpty(relatedObjects);
      supportedConfigs = Absent.toEmpty(supportedConfigs);
      configReferences = Absent.toEmpty(configReferences);
      registrations = Absent.toEmpty(registrations);
    }
  }

  public record HealthCheck(
      @Default("\"Lease\"") @OneOf({"Lease", "Customized"}) @Nullable String mode) {}

  public record RelatedObject(
      @Required String group,
      @Required String resource,
      @Nullable String namespace,
      @Required String name) {}

  public record SupportedConfig(@Required String group, @Required String resource) {}

  public record ConfigReference(
      @Nullable String group,
      @Required String resource,
      @Nullable DesiredConfig desiredConfig,
      @Nullable DesiredConfig lastAppliedConfig,
      @Nullable Long lastObservedGeneration) {}

  public record DesiredConfig(
      @Nullable String namespace, @Required String name, @Nullable String specHash) {}

  public record Registration(
      @Required @OneOf({"kubeClient", "customSigner"}) String type,
      @Nullable KubeClient kubeClient,
      @Nullable CustomSigner customSigner) {}

  public record KubeClient(
      @OneOf({"csr", "token"}) @Nullable String driver, @Nullable Subject subject) {}

  public record CustomSigner(@Required String signerName, @Nullable Subject subject) {}

  public record Subject(
      @Nullable String user, List<String> groups, List<String> organizationUnits) {
    public Subject {
      groups = Absent.toEmpty(groups);
      organizationUnits = Absent.toEmpty(organizationUnits);
    }
  }

  public record AddOnMeta(@Nullable String displayName, @Nullable String description) {}
}
