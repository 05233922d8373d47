package io.nave.apiserver.rbac;

import static io.nave.apiserver.TestServer.object;
import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import io.nave.api.ResourceType;
import io.nave.apiserver.Api.Attributes;
import io.nave.apiserver.Caller;
import io.nave.apiserver.TestServer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// - Goal: the index that follows every change decides as one built from what is stored.
/// - Method: random roles and bindings come, change and go; both are asked everything each time.
final class RbacIndexTest {
  private static final List<String> NAMES = List.of("a", "b", "c");
  private static final List<String> PLACES = List.of("default", "kube-public");
  private static final int STEPS = 120;

  @ParameterizedTest(name = "-Dseed={0}")
  @ValueSource(longs = {1, 2, 3})
  void followingIsAsGoodAsReadingAnew(long seed) {
    var random = new Random(seed);
    try (var server = TestServer.start()) {
      var allowed = 0;
      for (var step = 0; step < STEPS; step++) {
        change(server, random);
        var anew = new Rbac(server.host, server.store);
        for (var user : NAMES) {
          for (var verb : NAMES) {
            for (var place : List.of("", "default", "kube-public")) {
              var asked = new Attributes(verb, "", "things", "", place, "x", "");
              var caller = Caller.of(user, "g" + user);
              var decision = server.rbac.authorize(caller, asked);
              assertThat(decision)
                  .as("step %d: %s by %s in %s", step, verb, user, place)
                  .isEqualTo(anew.authorize(caller, asked));
              allowed += decision.allowed() ? 1 : 0;
            }
          }
        }
      }
      assertThat(allowed).as("the test asks something").isGreaterThan(STEPS);
    }
  }

  private static void change(TestServer server, Random random) {
    var types = RoleIndex.TYPES;
    var type = types.get(random.nextInt(types.size()));
    var object = random(type, random);
    var present = server.client.find(type, object.key()).orElse(null);
    if (present == null) {
      server.client.create(type, object);
    } else if (random.nextInt(3) == 0 || type.plural().endsWith("bindings")) {
      server.client.delete(type, object.key(), null);
    } else {
      server.client.update(type, object, "");
    }
  }

  private static ApiObject random(ResourceType type, Random random) {
    var place = type.namespaced() ? "'namespace':'%s',".formatted(one(PLACES, random)) : "";
    var labels = random.nextInt(3) == 0 ? "'labels':{'part':'yes'}," : "";
    var head = "'metadata':{%s%s'name':'%s'}".formatted(place, labels, one(NAMES, random));
    if (type.plural().endsWith("bindings")) {
      var kind = type.namespaced() && random.nextBoolean() ? "Role" : "ClusterRole";
      return object(
          "{%s,'roleRef':{'kind':'%s','name':'%s'},'subjects':[{'kind':'User','name':'%s'},{'kind':'Group','name':'g%s'}]}"
              .formatted(head, kind, one(NAMES, random), one(NAMES, random), one(NAMES, random)));
    }
    if (!type.namespaced() && random.nextInt(4) == 0) {
      return object(
          "{%s,'aggregationRule':{'clusterRoleSelectors':[{'matchLabels':{'part':'yes'}}]}}"
              .formatted(head));
    }
    return object(
        "{%s,'rules':[{'apiGroups':[''],'resources':['things'],'verbs':['%s']}]}"
            .formatted(head, one(NAMES, random)));
  }

  private static String one(List<String> of, Random random) {
    return of.get(random.nextInt(of.size()));
  }
}
