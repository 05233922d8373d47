package io.nave.apiserver.authn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nave.api.ApiError;
import io.nave.apiserver.Api;
import io.nave.apiserver.Caller;
import io.nave.runtime.Transport;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ImpersonationTest {
  private static final Caller ADMIN = Caller.of("admin", "system:authenticated");

  private final Set<String> asked = new TreeSet<>();

  @Test
  void aRequestWithoutTheHeadersStaysTheCallers() {
    assertThat(as(Map.of("accept", "*/*"))).isEqualTo(ADMIN);
    assertThat(asked).isEmpty();
  }

  @Test
  void theOtherIsWhoeverTheCallerMayImpersonate() {
    var other = as(Map.of("impersonate-user", "anna", "impersonate-group", "dev,ops"));

    assertThat(other.user()).isEqualTo("anna");
    assertThat(other.groups()).containsExactly("dev", "ops", "system:authenticated");
    assertThat(asked)
        .containsExactly(
            "impersonate groups /dev", "impersonate groups /ops", "impersonate users /anna");
  }

  @Test
  void aServiceAccountIsAskedForInItsNamespace() {
    as(Map.of("impersonate-user", "system:serviceaccount:apps:web"));

    assertThat(asked).containsExactly("impersonate serviceaccounts apps/web");
  }

  @Test
  void whoMayNotIsRefused() {
    assertThatThrownBy(() -> as(Map.of("impersonate-user", "root")))
        .isInstanceOfSatisfying(
            ApiError.class, e -> assertThat(e.is(ApiError.Reason.FORBIDDEN)).isTrue())
        .hasMessage(
            "users \"root\" is forbidden: User \"admin\" cannot impersonate resource \"users\" in"
                + " API group \"\" at the cluster scope");
  }

  @Test
  void uidAndExtraAreTakenOverWhereTheCallerMay() {
    var other =
        as(
            Map.of(
                "impersonate-user", "anna",
                "impersonate-uid", "u-1",
                "impersonate-extra-example.com%2fscope", "a, b"));

    assertThat(other.uid()).isEqualTo("u-1");
    assertThat(other.extra()).isEqualTo(Map.of("example.com/scope", List.of("a", "b")));
    assertThat(asked)
        .containsExactly(
            "impersonate uids.authentication.k8s.io /u-1",
            "impersonate userextras/example.com/scope.authentication.k8s.io /a",
            "impersonate userextras/example.com/scope.authentication.k8s.io /b",
            "impersonate users /anna");
  }

  @Test
  void aServiceAccountHasItsOwnGroupsUnlessOthersAreAskedFor() {
    assertThat(as(Map.of("impersonate-user", "system:serviceaccount:apps:web")).groups())
        .containsExactly(
            "system:serviceaccounts", "system:serviceaccounts:apps", "system:authenticated");
  }

  @Test
  void whatCannotBeHonouredIsRefused() {
    assertThatThrownBy(() -> as(Map.of("impersonate-uid", "root", "impersonate-user", "anna")))
        .hasMessageContaining("cannot impersonate resource \"uids\"");
    assertThatThrownBy(() -> as(Map.of("impersonate-mood", "1", "impersonate-user", "anna")))
        .hasMessageContaining("impersonate-mood");
    assertThatThrownBy(() -> as(Map.of("impersonate-uid", "1")))
        .hasMessageContaining("impersonate-uid");
    assertThatThrownBy(() -> as(Map.of("impersonate-group", "dev")))
        .hasMessageContaining("impersonate-group");
  }

  private Caller as(Map<String, String> headers) {
    var api =
        (Api)
            Proxy.newProxyInstance(
                Api.class.getClassLoader(),
                new Class<?>[] {Api.class},
                (proxy, method, arguments) -> {
                  var attributes = (Api.Attributes) arguments[1];
                  asked.add(
                      attributes.verb()
                          + " "
                          + attributes.resource()
                          + (attributes.subresource().isEmpty()
                              ? ""
                              : "/" + attributes.subresource())
                          + (attributes.group().isEmpty() ? "" : "." + attributes.group())
                          + " "
                          + attributes.namespace()
                          + "/"
                          + attributes.name());
                  return new Api.Decision(!attributes.name().equals("root"), "");
                });
    return Impersonation.apply(
        ADMIN, new Transport.Request("GET", "/api", headers, new byte[0]), api);
  }
}
