package io.nave.simulation;

import io.nave.api.Key;

/// The application of these tests: two components on two of the clusters of a Placement.
final class Shop {
  static final String NAMESPACE = "demo";
  static final Key APPLICATION = Key.of(NAMESPACE, "shop");
  static final String WORK = "app-demo.shop";

  private Shop() {}

  /// Where it may run and how it looks.
  static String yaml(int replicas) {
    return """
    apiVersion: v1
    kind: Namespace
    metadata:
      name: demo
    ---
    apiVersion: cluster.open-cluster-management.io/v1beta2
    kind: ManagedClusterSetBinding
    metadata:
      name: default
      namespace: demo
    spec:
      clusterSet: default
    ---
    apiVersion: cluster.open-cluster-management.io/v1beta1
    kind: Placement
    metadata:
      name: two
      namespace: demo
    spec:
      numberOfClusters: 2
    ---
    apiVersion: core.oam.dev/v1beta1
    kind: Application
    metadata:
      name: shop
      namespace: demo
    spec:
      components:
        - name: web
          type: webservice
          properties:
            image: nginx:1.27
            ports:
              - port: 80
                expose: true
          traits:
            - type: scaler
              properties:
                replicas: %d
        - name: settings
          type: k8s-objects
          properties:
            objects:
              - apiVersion: v1
                kind: ConfigMap
                metadata:
                  name: settings
                data:
                  colour: blue
      policies:
        - name: where
          type: topology
          properties:
            placement: two
    """
        .formatted(replicas);
  }
}
