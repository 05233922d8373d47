package io.nave.registration.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.controllers.ApiClient.Write;
import io.nave.registration.api.HubKinds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.SerializationFeature;

/// Golden: `-Dgolden.update` rewrites the file; the diff is then for a person to judge.
final class ClusterRightsTest {
  private static final Path GOLDEN = Path.of("src/test/resources/cluster-rights.json");

  private static String text() {
    var all = new ArrayList<Wanted>(ClusterRights.accepted("c1"));
    all.add(ClusterRights.denied("c1"));
    all.addAll(ClusterRights.shared());
    all.addAll(ClusterRights.bootstrap());
    var text = new StringBuilder();
    for (var wanted : all) {
      text.append(
              Json.mapper()
                  .writer()
                  .with(SerializationFeature.INDENT_OUTPUT)
                  .writeValueAsString(wanted.object().json()))
          .append('\n');
    }
    return text.toString();
  }

  @Test
  void theRightsAreThoseOfTheSpecificationNameByNameAndRuleByRule() {
    try {
      if (System.getProperty("golden.update") != null) {
        Files.createDirectories(GOLDEN.getParent());
        Files.writeString(GOLDEN, text());
      }
      assertThat(text()).isEqualTo(Files.readString(GOLDEN, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void whatIsAsItShouldBeIsNotWritten() {
    for (var wanted : ClusterRights.accepted("c1")) {
      assertThat(wanted.toward(wanted.object())).isEmpty();
    }
  }

  @Test
  void whatOthersAddedBesideStays() {
    var wanted = ClusterRights.accepted("c1").getFirst();
    var labelled =
        wanted.object().editMeta(meta -> meta.withObjectProperty("labels").put("team", "x"));
    assertThat(wanted.toward(labelled)).isEmpty();
  }

  @Test
  void onlyWhatDiffersIsPatched() {
    var role = ClusterRights.accepted("c1").get(1);
    var edited = role.object().edit(tree -> tree.putArray("rules").addObject());
    var write = role.toward(edited).orElseThrow();
    assertThat(write)
        .isInstanceOfSatisfying(
            Write.Change.class,
            change -> {
              assertThat(change.patch().body().propertyNames())
                  .containsExactlyInAnyOrder("rules", "metadata");
              assertThat(change.patch().body().get("rules"))
                  .isEqualTo(role.object().json().get("rules"));
            });
  }

  @Test
  void aBindingToAnotherRoleIsReplaced() {
    var binding = ClusterRights.accepted("c1").get(3);
    var edited =
        binding
            .object()
            .edit(tree -> tree.withObjectProperty("roleRef").put("name", "cluster-admin"));
    assertThat(binding.toward(edited)).containsInstanceOf(Write.Delete.class);
  }

  @Test
  void theClusterOfEveryObjectIsFoundAgain() {
    for (var wanted : ClusterRights.accepted("c1")) {
      assertThat(ClusterRights.clusterOf(wanted.type(), wanted.object())).isEqualTo("c1");
    }
    assertThat(
            ClusterRights.clusterOf(
                HubKinds.CLUSTER_ROLE, ApiObject.named(HubKinds.CLUSTER_ROLE, "", "admin")))
        .isEmpty();
    assertThat(List.copyOf(ClusterRights.shared()))
        .allMatch(wanted -> ClusterRights.isCommon(wanted.object()));
  }
}
