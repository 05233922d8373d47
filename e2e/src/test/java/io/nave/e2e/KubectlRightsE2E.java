package io.nave.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.controllers.Kubeconfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The real `kubectl` against a hub process, about what others may and what bounds them: tokens,
/// roles, quotas, policies, scale. Each test works in a namespace of its own.
@NeedsKubernetes
class KubectlRightsE2E extends KubectlOnHub {
  @Test
  void aTokenLetsItsServiceAccountInAndNoFurther() {
    kubectl.ok("create", "serviceaccount", "robot", "-n", namespace);
    kubectl.ok("create", "role", "lister", "-n", namespace, "--verb=list", "--resource=configmaps");
    kubectl.ok(
        "create",
        "rolebinding",
        "robots",
        "-n",
        namespace,
        "--role=lister",
        "--serviceaccount=" + namespace + ":robot");

    var token = kubectl.ok("create", "token", "robot", "-n", namespace, "--duration=10m").strip();

    var robot = bearing("robot", token);
    assertThat(robot.ok("auth", "whoami", "-o", "jsonpath={.status.userInfo.username}"))
        .isEqualTo("system:serviceaccount:" + namespace + ":robot");
    robot.ok("get", "configmaps", "-n", namespace);
    assertThat(robot.run("", "get", "secrets", "-n", namespace).refused(1)).contains("(Forbidden)");
    kubectl.ok("delete", "serviceaccount", "robot", "-n", namespace);
    assertThat(robot.run("", "get", "configmaps", "-n", namespace).refused(1))
        .contains("You must be logged in to the server");
  }

  @Test
  void aTokenBoundToASecretEndsWithIt() {
    kubectl.ok("create", "serviceaccount", "robot", "-n", namespace);
    kubectl.ok("create", "secret", "generic", "lifeline", "-n", namespace);
    var token =
        kubectl
            .ok(
                "create",
                "token",
                "robot",
                "-n",
                namespace,
                "--bound-object-kind=Secret",
                "--bound-object-name=lifeline")
            .strip();
    var robot = bearing("bound", token);
    robot.ok("auth", "whoami");

    kubectl.ok("delete", "secret", "lifeline", "-n", namespace);

    assertThat(robot.run("", "auth", "whoami").refused(1))
        .contains("You must be logged in to the server");
  }

  /// As `argocd cluster add` and many operators do it: an account, a Secret for it, and what comes
  /// into that.
  @Test
  void aSecretForATokenHoldsAllThatAClientNeeds() {
    kubectl.apply(
        """
        apiVersion: v1
        kind: ServiceAccount
        metadata: {name: robot, namespace: %1$s}
        ---
        apiVersion: v1
        kind: Secret
        metadata:
          name: robot-token
          namespace: %1$s
          annotations: {kubernetes.io/service-account.name: robot}
        type: kubernetes.io/service-account-token
        """
            .formatted(namespace));
    var data =
        Until.present(
            "the token in the Secret",
            () ->
                Optional.of(
                        kubectl.json("get", "secret", "robot-token", "-n", namespace).path("data"))
                    .filter(each -> each.has("token")));

    var robot = bearing("robot", decoded(data.path("token").asString()));
    assertThat(robot.ok("auth", "whoami", "-o", "jsonpath={.status.userInfo.username}"))
        .isEqualTo("system:serviceaccount:" + namespace + ":robot");
    assertThat(decoded(data.path("namespace").asString())).isEqualTo(namespace);
    assertThat(decoded(data.path("ca.crt").asString())).startsWith("-----BEGIN CERTIFICATE-----");
    assertThat(robot.run("", "get", "--raw", "/readyz/store").refused(1)).contains("Forbidden");
    assertThat(kubectl.ok("get", "--raw", "/readyz/store")).isEqualTo("ok");
  }

  private static String decoded(String base64) {
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
  }

  @Test
  void authReconcileMakesRolesAsTheFileSays() {
    assertThat(reconcile("[get, list]")).contains("reconciled", "reader", "readers");
    assertThat(reconcile("[get]")).contains("reconciled");
    assertThat(mayListAs("anna")).isEqualTo("yes");

    assertThat(reconcile("[get]", "--remove-extra-permissions")).contains("reconciled");

    assertThat(mayListAs("anna")).isEqualTo("no");
    assertThat(
            kubectl
                .run("", "auth", "can-i", "get", "configmaps", "-n", namespace, "--as=anna")
                .ok())
        .isEqualTo("yes\n");
  }

  private String reconcile(String verbs, String... options) {
    var file =
        """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {name: reader, namespace: %1$s}
        rules: [{apiGroups: [""], resources: [configmaps], verbs: %2$s}]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: readers, namespace: %1$s}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
        subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: anna}]
        """
            .formatted(namespace, verbs);
    var command = new ArrayList<>(List.of("auth", "reconcile", "-f", "-"));
    command.addAll(List.of(options));
    return kubectl.run(file, command.toArray(String[]::new)).ok();
  }

  private String mayListAs(String user) {
    return kubectl
        .run("", "auth", "can-i", "list", "configmaps", "-n", namespace, "--as=" + user)
        .out()
        .strip();
  }

  @Test
  void authCanIListsWhatOneMay() {
    kubectl.ok(
        "create",
        "role",
        "reader",
        "-n",
        namespace,
        "--verb=get,list",
        "--resource=configmaps",
        "--resource-name=one");
    kubectl.ok("create", "rolebinding", "anna", "-n", namespace, "--role=reader", "--user=anna");

    assertThat(kubectl.ok("auth", "can-i", "--list", "-n", namespace, "--as=anna"))
        .containsPattern("configmaps +\\[\\] +\\[one\\] +\\[get list\\]");
    assertThat(kubectl.ok("auth", "can-i", "--list", "-n", namespace))
        .containsPattern("\\*\\.\\* +\\[\\] +\\[\\] +\\[\\*\\]");
  }

  @Test
  void aQuotaRefusesWhatIsTooMuchAndCountsWhatIsThere() {
    kubectl.ok("create", "quota", "few", "-n", namespace, "--hard=count/secrets=1");
    kubectl.ok("create", "secret", "generic", "first", "-n", namespace);

    assertThat(kubectl.run("", "create", "secret", "generic", "second", "-n", namespace).refused(1))
        .contains(
            "exceeded quota: few, requested: count/secrets=1, used: count/secrets=1, limited:"
                + " count/secrets=1");

    Until.contains(
        "what the quota counts",
        "1",
        () ->
            kubectl.ok(
                "get",
                "quota",
                "few",
                "-n",
                namespace,
                "-o",
                "jsonpath={.status.used.count/secrets}"));
    assertThat(kubectl.ok("describe", "quota", "few", "-n", namespace))
        .containsPattern("count/secrets +1 +1");
    kubectl.ok("delete", "secret", "first", "-n", namespace);
    Until.equals(
        "room for another one",
        0,
        () -> kubectl.run("", "create", "secret", "generic", "second", "-n", namespace).exit());
  }

  @Test
  void scaleChangesASizeUnlessItIsAnotherOne() {
    kubectl.apply(
        """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: kites.fly.example.com}
        spec:
          group: fly.example.com
          scope: Namespaced
          names: {plural: kites, kind: Kite}
          versions:
          - name: v1
            served: true
            storage: true
            subresources:
              scale: {specReplicasPath: .spec.size, statusReplicasPath: .status.size}
            schema:
              openAPIV3Schema:
                type: object
                properties:
                  spec: {type: object, properties: {size: {type: integer}}}
                  status: {type: object, properties: {size: {type: integer}}}
        """);
    kubectl.ok("wait", "--for=condition=Established", "crd/kites.fly.example.com");
    kubectl.apply(
        """
        apiVersion: fly.example.com/v1
        kind: Kite
        metadata: {name: red, namespace: %s}
        spec: {size: 1}
        """
            .formatted(namespace));

    kubectl.ok("scale", "kite", "red", "-n", namespace, "--replicas=3", "--current-replicas=1");

    assertThat(kubectl.ok("get", "kite", "red", "-n", namespace, "-o", "jsonpath={.spec.size}"))
        .isEqualTo("3");
    assertThat(
            kubectl
                .run(
                    "",
                    "scale",
                    "kite",
                    "red",
                    "-n",
                    namespace,
                    "--replicas=9",
                    "--current-replicas=1")
                .refused(1))
        .contains("Expected replicas to be 1, was 3");
    assertThat(
            kubectl
                .json("get", "kite", "red", "-n", namespace, "--subresource=scale")
                .at("/spec/replicas")
                .asInt())
        .isEqualTo(3);
    kubectl.ok("delete", "crd", "kites.fly.example.com");
  }

  @Test
  void aPolicyDeniesOrWarnsWhereItIsBound() {
    kubectl.apply(
        """
        apiVersion: admissionregistration.k8s.io/v1
        kind: ValidatingAdmissionPolicy
        metadata: {name: no-blue}
        spec:
          matchConstraints:
            resourceRules:
            - {apiGroups: [""], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [configmaps]}
          validations:
          - expression: "!has(object.data) || !('colour' in object.data) || object.data.colour != 'blue'"
            messageExpression: "'no ' + object.data.colour + ' here'"
        """);
    bind("Warn");
    var warned =
        Until.present(
            "the policy to be bound",
            () -> {
              var said = kubectl.run(configMap("blue"), "apply", "--dry-run=server", "-f", "-");
              return Optional.of(said).filter(each -> each.err().contains("Warning"));
            });
    assertThat(warned.exit()).isZero();
    assertThat(warned.err())
        .contains("Validation failed for ValidatingAdmissionPolicy 'no-blue'", "no blue here");

    bind("Deny");

    Until.contains(
        "the refusal",
        "ValidatingAdmissionPolicy 'no-blue' with binding 'no-blue' denied request: no blue here",
        () -> kubectl.run(configMap("blue"), "create", "--dry-run=server", "-f", "-").err());
    assertThat(kubectl.run(configMap("blue"), "create", "-f", "-").refused(1))
        .contains("no blue here");
    assertThat(kubectl.apply(configMap("red"))).isEqualTo("configmap/settings created\n");
    assertThat(kubectl.ok("get", "validatingadmissionpolicies"))
        .containsPattern("NAME +VALIDATIONS +PARAMKIND +AGE")
        .containsPattern("no-blue +1 +<unset>");
    kubectl.ok("delete", "validatingadmissionpolicybinding", "no-blue");
    kubectl.ok("delete", "validatingadmissionpolicy", "no-blue");
  }

  private void bind(String action) {
    kubectl.apply(
        """
        apiVersion: admissionregistration.k8s.io/v1
        kind: ValidatingAdmissionPolicyBinding
        metadata: {name: no-blue}
        spec:
          policyName: no-blue
          validationActions: [%s]
          matchResources:
            namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %s}}
        """
            .formatted(action, namespace));
  }

  private String configMap(String colour) {
    return """
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: settings, namespace: %s}
    data: {colour: %s}
    """
        .formatted(namespace, colour);
  }

  private Kubectl bearing(String name, String token) {
    try {
      var own = Kubeconfig.read(Files.readString(hub.administrator()));
      var file = folder.resolve(name + ".kubeconfig");
      return new Kubectl(
          folder,
          Files.writeString(file, own.withLogin(new Kubeconfig.Login.Token(token)).write()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
