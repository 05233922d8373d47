package io.nave.registration.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.certs.CertificateRequest;
import io.nave.registration.api.AgentIdentity;
import io.nave.registration.api.ClusterNames;
import io.nave.registration.api.HubKinds;
import io.nave.registration.api.SigningRequest;
import io.nave.registration.hub.RequestCheck.Finding;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// - Goal: names that look alike never get each other's certificate (CVE-2026-4740 and its kin).
/// - Method: over 100,000 ordered pairs of names with common prefixes and suffixes, dots, colons,
///   case and Unicode: a request labelled with the one and made out to the other is never sound,
///   whoever sends it, and none reads the other's requests.
final class NamePairsTest {
  private static final int NAMES = 330; // 330 * 329 > 100,000

  /// A name and the request that its agent would send.
  private record Named(String name, CertificateRequest content) {
    static Named of(String name) {
      var request =
          CertificateRequest.create(
              Requests.KEY,
              new AgentIdentity(name, "a").user(),
              List.of(AgentIdentity.group(name), AgentIdentity.ALL_AGENTS));
      return new Named(name, request);
    }
  }

  private static List<Named> names() {
    var random = new SplittableRandom(20261126);
    var names =
        new LinkedHashSet<>(
            List.of(
                "c1",
                "c10",
                "c1-",
                "c1.",
                "c1:",
                "c1:x",
                "C1",
                "c\u0131",
                "c\uff11",
                "c1\u200b",
                "1",
                "c",
                "cc1",
                "c1.c1",
                "c1-c1",
                "managed-clusters",
                "cluster",
                "cluster:c1",
                "c1:addon",
                "system",
                "\u0441" + "1",
                "c1 ",
                "c1/x",
                "c1%3ax",
                "default",
                "*"));
    var letters = "ab1-.:ABe\u0301\u00e9\u0430";
    while (names.size() < NAMES) {
      var base = new ArrayList<>(names).get(random.nextInt(names.size()));
      var letter = String.valueOf(letters.charAt(random.nextInt(letters.length())));
      names.add(
          switch (random.nextInt(4)) {
            case 0 -> letter + base;
            case 1 -> base + letter;
            case 2 -> base.toUpperCase(java.util.Locale.ROOT);
            default -> base.substring(0, random.nextInt(base.length()) + 1);
          });
    }
    return names.stream().filter(name -> !name.isBlank()).map(Named::of).toList();
  }

  @Test
  void noNameGetsTheCertificateOfAnother() {
    var names = names();
    var pairs = 0;
    var own = 0;
    for (var label : names) {
      var request = request(label);
      for (var subject : names) {
        var finding = RequestCheck.checkContent(request, subject.content());
        var sound = finding instanceof Finding.First || finding instanceof Finding.Renewal;
        var same = label.name().equals(subject.name());
        if (sound) {
          assertThat(same).as("%s made out to %s", label.name(), subject.name()).isTrue();
          assertThat(ClusterNames.fault(label.name())).isEmpty();
          own++;
        }
        pairs += same ? 0 : 1;
      }
    }
    assertThat(pairs).isGreaterThanOrEqualTo(100_000);
    assertThat(own).as("good names that get their own").isGreaterThan(10);
  }

  /// Sent by the agent of the label's name, or by a bootstrap token where that is no agent.
  private static SigningRequest request(Named label) {
    var sender = new AgentIdentity(label.name(), "a");
    var byAgent = AgentIdentity.ofUser(sender.user()).isPresent();
    return new SigningRequest(
        Requests.sent(
            Requests.of(label.name(), label.content().toPem()),
            byAgent ? sender.user() : "system:bootstrap:x",
            byAgent ? sender.certificate().organisations() : Requests.BOOTSTRAP));
  }

  @Test
  void noNameReadsTheRequestsOfAnother() {
    var names = names();
    var type = HubKinds.SIGNING_REQUEST;
    var owners =
        names.stream().map(each -> new Owner(each, labelled(each), sentBy(each, type))).toList();
    for (var reader : names) {
      var agent = new AgentIdentity(reader.name(), "a");
      if (ClusterNames.fault(reader.name()).isPresent()) {
        continue;
      }
      for (var owner : owners) {
        var seen = AgentReads.list(agent.user(), groups(agent), type, owner.selection()).isEmpty();
        assertThat(seen)
            .as("%s lists those of %s", reader.name(), owner.named().name())
            .isEqualTo(reader.name().equals(owner.named().name()));
        assertThat(AgentReads.get(agent.user(), groups(agent), owner.sent()))
            .isEqualTo(reader.name().equals(owner.named().name()));
      }
    }
  }

  private record Owner(Named named, Selection selection, ApiObject sent) {}

  private static List<String> groups(AgentIdentity agent) {
    return agent.certificate().organisations();
  }

  private static Selection labelled(Named owner) {
    return Selection.labelled("open-cluster-management.io/cluster-name", owner.name());
  }

  private static ApiObject sentBy(Named owner, ResourceType type) {
    return Requests.of(owner.name(), "")
        .edit(tree -> tree.put("apiVersion", type.apiVersion()).put("kind", type.kind()));
  }
}
