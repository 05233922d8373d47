package io.nave.registration.hub;

import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.certs.CertificateRequest;
import io.nave.certs.KeyPairs;
import io.nave.registration.TestHub;
import io.nave.registration.api.AgentIdentity;
import io.nave.registration.api.AgentKey;
import io.nave.registration.api.ManagedCluster;
import io.nave.registration.api.SigningRequest;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Random;

/// Certificate requests and clusters as tests of this package need them.
final class Requests {
  static final KeyPair KEY = keys(1);
  static final KeyPair OTHER_KEY = keys(2);
  static final List<String> BOOTSTRAP =
      List.of(AgentIdentity.BOOTSTRAP_GROUP, "system:authenticated");

  private Requests() {}

  static KeyPair keys(long seed) {
    var random = new Random(seed);
    return KeyPairs.generate(
        new SecureRandom() {
          @Override
          public void nextBytes(byte[] bytes) {
            random.nextBytes(bytes);
          }
        });
  }

  static String hash(KeyPair key) {
    return AgentKey.hash(key.getPublic());
  }

  /// A sound first request for cluster `c1`.
  static ApiObject first() {
    return first("c1", KEY);
  }

  static ApiObject first(String cluster, KeyPair key) {
    return sent(
        of(cluster, pem(new AgentIdentity(cluster, "a"), key)), "system:bootstrap:x", BOOTSTRAP);
  }

  /// A sound renewal for cluster `c1`.
  static ApiObject renewal(KeyPair key) {
    var agent = new AgentIdentity("c1", "a");
    return sent(of("c1", pem(agent, key)), agent.user(), agent.certificate().organisations());
  }

  static String pem(AgentIdentity agent, KeyPair key) {
    return pem(agent.user(), agent.certificate().organisations(), key);
  }

  static String pem(String user, List<String> groups, KeyPair key) {
    return CertificateRequest.create(key, user, groups).toPem();
  }

  static ApiObject of(String cluster, String pem) {
    var request =
        TestHub.object(
            "{'metadata':{'name':'%s-x','creationTimestamp':'2026-01-01T00:00:00Z','resourceVersion':'7','labels':{}},'spec':{}}"
                .formatted(cluster));
    return request.edit(tree -> {
      tree.withObjectProperty("metadata")
          .withObjectProperty("labels")
          .put(ManagedCluster.NAME_LABEL, cluster);
      var spec = tree.withObjectProperty("spec");
      spec.put("signerName", SigningRequest.CLIENT_SIGNER);
      SigningRequest.AGENT_USAGES.forEach(spec.putArray("usages")::add);
      spec.put(
          "request", Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.US_ASCII)));
    });
  }

  static ApiObject sent(ApiObject request, String user, List<String> groups) {
    return request.edit(tree -> {
      var spec = tree.withObjectProperty("spec").put("username", user);
      groups.forEach(spec.putArray("groups")::add);
    });
  }

  static ManagedCluster cluster(String name, boolean accepted, String boundKey) {
    return Codec.decode(clusterObject(name, accepted, boundKey), ManagedCluster.class);
  }

  static ApiObject clusterObject(String name, boolean accepted, String boundKey) {
    return TestHub.object(
            ("{'apiVersion':'cluster.open-cluster-management.io/v1','kind':'ManagedCluster',"
                    + "'metadata':{'name':'%s','uid':'u','resourceVersion':'5'},"
                    + "'spec':{'hubAcceptsClient':%s},'status':{}}")
                .formatted(name, accepted))
        .editMeta(meta -> {
          if (!boundKey.isEmpty()) {
            meta.putObject("annotations").put(AgentKey.ANNOTATION, boundKey);
          }
        });
  }
}
