package io.nave.cli;

import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.certs.Certificates;
import io.nave.certs.TrustBundle;
import io.nave.controllers.ApiClient;
import io.nave.registration.api.HubKinds;
import io.nave.registration.api.HubTrust;
import io.nave.registration.api.ManagedCluster;
import io.nave.registration.hub.TrustReconciler;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `nave authority`: the hub's certificate authority, seen and replaced.
@Command(
    name = "authority",
    mixinStandardHelpOptions = true,
    description = {
      "Show the hub's certificate authorities, or replace the one that signs.",
      "After --rotate both are believed; agents move over by themselves within minutes, those that are",
      "away when they come back. --forget ends the belief in the former ones."
    })
final class AuthorityCommand implements Runnable {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss").withZone(ZoneOffset.UTC);

  @Mixin private final HubAccess hub = new HubAccess();

  @Option(names = "--rotate", description = "Make a new authority, which signs from now on.")
  private boolean rotate;

  @Option(
      names = "--forget",
      description =
          "Believe only the one that signs now. Agents that have not moved over have to join again"
              + " with a token.")
  private boolean forget;

  @Override
  public void run() {
    if (rotate && forget) {
      throw new CommandFault(
          "--rotate and --forget at once would cut off every agent; forget when all have moved over");
    }
    hub.use((host, client, config) -> {
      if (rotate) {
        wish(client, TrustReconciler.ROTATE, STAMP.format(host.now()));
        System.out.println("the hub makes a new authority; see: nave authority");
      } else if (forget) {
        wish(client, TrustReconciler.FORGET, signer(client));
        System.out.println("the hub believes only the authority that signs now");
      } else {
        show(client);
      }
    });
  }

  private static void wish(ApiClient client, String annotation, String value) {
    client.patch(
        HubKinds.CONFIG_MAP,
        HubTrust.KEY,
        "",
        Patch.merge(
            body -> body.putObject("metadata").putObject("annotations").put(annotation, value)));
  }

  private static String signer(ApiClient client) {
    var map = client.get(HubKinds.CONFIG_MAP, HubTrust.KEY);
    return Certificates.commonName(TrustBundle.ofPem(HubTrust.pem(map)).authorities().getFirst());
  }

  private static void show(ApiClient client) {
    var map = client.get(HubKinds.CONFIG_MAP, HubTrust.KEY);
    var signer = HubTrust.signer(map);
    for (var each : TrustBundle.ofPem(HubTrust.pem(map)).authorities()) {
      System.out.printf(
          "%-8s %-28s until %s  %s%n",
          Certificates.fingerprint(each).equals(signer) ? "signs" : "believed",
          Certificates.commonName(each),
          each.getNotAfter().toInstant(),
          Certificates.fingerprint(each));
    }
    var clusters =
        client.list(ResourceType.of(ManagedCluster.class), "", Selection.all()).items().size();
    System.out.println(clusters + " clusters");
  }
}
