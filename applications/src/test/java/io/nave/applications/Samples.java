package io.nave.applications;

import io.nave.api.Codec;
import io.nave.api.Condition;
import io.nave.api.Key;
import io.nave.api.Yaml;
import io.nave.applications.api.Application;
import io.nave.applications.api.Environment;
import io.nave.applications.definitions.Definition;
import io.nave.applications.definitions.Definitions;
import io.nave.applications.definitions.Role;
import io.nave.placement.api.Placement;
import io.nave.placement.api.PlacementDecision;
import io.nave.registration.api.ManagedCluster;
import io.nave.work.ManifestIdentity;
import io.nave.work.ManifestWork;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/// Objects for tests, mostly from YAML.
final class Samples {
  static final Instant NOW = Instant.parse("2026-11-23T01:00:00Z");
  static final Definitions DEFINITIONS = Definitions.builtIn();

  /// The types that ship with Nave; nothing is held.
  static final ApplicationReconciler.Types TYPES =
      new ApplicationReconciler.Types() {
        @Override
        public Definitions of(Application application) {
          return DEFINITIONS;
        }

        @Override
        public Optional<Definition> kept(Role role, Key definitionRevision) {
          return Optional.empty();
        }
      };

  private Samples() {}

  static Application application(String yaml) {
    return Codec.decode(Yaml.parseAll(yaml).getFirst(), Application.class);
  }

  /// An application `shop/web` that holds our finalizer.
  static Application web(String spec) {
    return application(
        """
        apiVersion: core.oam.dev/v1beta1
        kind: Application
        metadata:
          name: web
          namespace: shop
          uid: u1
          generation: 1
          finalizers: [app.oam.dev/resource-tracker-finalizer]
        spec:
        """
            + spec.indent(2));
  }

  /// `shop/web`: one webservice, on the clusters named.
  static Application webOn(String... clusters) {
    return web(
        """
        components:
        - name: web
          type: webservice
          properties: {image: nginx}
        policies:
        - name: where
          type: topology
          properties: {clusters: [%s]}
        """
            .formatted(String.join(", ", clusters)));
  }

  static Application with(Application application, Application.Status status) {
    return new Application(application.metadata(), application.spec(), status);
  }

  static ManagedCluster cluster(String yaml) {
    return Codec.decode(Yaml.parseAll(yaml).getFirst(), ManagedCluster.class);
  }

  static ManagedCluster joined(String name) {
    return cluster(
        """
        metadata: {name: %s, labels: {env: prod}}
        spec: {hubAcceptsClient: true}
        """
            .formatted(name));
  }

  /// A fleet of accepted clusters labelled `env: prod`.
  static FakeFleet fleet(String... names) {
    var clusters = new ArrayList<ManagedCluster>();
    for (var name : names) {
      clusters.add(joined(name));
    }
    return new FakeFleet(clusters, List.of());
  }

  /// @param decisions any decisions of any Placement
  record FakeFleet(
      List<ManagedCluster> all, List<PlacementDecision> decisions, List<Environment> environments)
      implements Fleet {
    FakeFleet(List<ManagedCluster> all, List<PlacementDecision> decisions) {
      this(all, decisions, List.of());
    }

    FakeFleet with(Environment environment) {
      var more = new ArrayList<>(environments);
      more.add(environment);
      return new FakeFleet(all, decisions, more);
    }

    @Override
    public Optional<ManagedCluster> cluster(String name) {
      return all.stream().filter(c -> c.metadata().name().equals(name)).findFirst();
    }

    @Override
    public List<ManagedCluster> clusters() {
      return all.stream().sorted(Comparator.comparing(c -> c.metadata().name())).toList();
    }

    @Override
    public Optional<List<String>> decisions(Key placement) {
      var mine =
          decisions.stream()
              .filter(d -> d.metadata().namespace().equals(placement.namespace()))
              .filter(d -> placement.name().equals(d.metadata().labels().get(Placement.LABEL)))
              .toList();
      var names = new TreeSet<String>();
      mine.forEach(d -> d.status().decisions().forEach(c -> names.add(c.clusterName())));
      return mine.isEmpty() ? Optional.empty() : Optional.of(List.copyOf(names));
    }

    @Override
    public List<Contest> rivals(Key application) {
      return List.of();
    }

    @Override
    public List<Holder> holders(String cluster, ManifestIdentity object) {
      return List.of();
    }

    @Override
    public Optional<Environment> environment(Key key) {
      return environments.stream().filter(e -> e.key().equals(key)).findFirst();
    }

    @Override
    public Optional<List<ManagedCluster>> members(String namespace, String clusterSet) {
      return clusterSet.equals("global") ? Optional.of(all) : Optional.empty();
    }

    FakeFleet deciding(String namespace, String placement, String... clusters) {
      var decision =
          new PlacementDecision(
              io.nave.api.Meta.named(namespace, placement + "-decision-1")
                  .withLabels(java.util.Map.of(Placement.LABEL, placement)),
              new PlacementDecision.Status(
                  java.util.Arrays.stream(clusters)
                      .map(c -> PlacementDecision.Decision.of(c))
                      .toList()));
      return new FakeFleet(all, List.of(decision), environments);
    }
  }

  static ApplicationReconciler.Change decide(
      Application application, List<ManifestWork> works, Fleet fleet) {
    return decide(application, works, fleet, NOW);
  }

  static ApplicationReconciler.Change decide(
      Application application, List<ManifestWork> works, Fleet fleet, Instant now) {
    return ApplicationReconciler.decide(application, works, scene(fleet, now));
  }

  /// Nothing around but clusters.
  static Scene scene(Fleet fleet, Instant now) {
    return new Scene(
        fleet,
        DEFINITIONS,
        _ -> Optional.empty(),
        _ -> Optional.empty(),
        _ -> Optional.empty(),
        TYPES,
        Outside.none(),
        now);
  }

  static Condition condition(Application.Status status, String type) {
    return Condition.find(status.conditions(), type).orElseThrow();
  }
}
