package io.nave.cli;

import io.nave.api.ApiObject;
import io.nave.api.Patch;
import io.nave.controllers.ApiClient;
import io.nave.runtime.Host;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `nave app delete`.
@Command(
    name = "delete",
    mixinStandardHelpOptions = true,
    description = "Delete an application and, in its clusters, what it made.")
final class AppDeleteCommand implements Runnable {
  private static final String ORPHAN = "app.oam.dev/orphan-resource";
  private static final Duration ROUND = Duration.ofMillis(500);

  @Mixin private AppOptions options = new AppOptions();

  @Parameters(paramLabel = "NAME", description = "The application.")
  private String name = "";

  @Option(names = "--orphan", description = "Leave its objects in the clusters.")
  private boolean orphan;

  @Option(
      names = {"-w", "--wait"},
      description = "Wait until it is gone.")
  private boolean wait;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "How long to wait. Default: ${DEFAULT-VALUE}.")
  private int timeout = 300;

  @Override
  public void run() {
    options.use((host, client, config) -> {
      var application = options.application(client, name);
      if (orphan) {
        client.patch(AppOptions.APPLICATION, application.key(), "", orphaned(application));
      }
      client.delete(AppOptions.APPLICATION, application.key(), application.uid());
      if (wait) {
        await(host, client, application);
      }
      System.out.println("application/" + name + " deleted");
    });
  }

  private static Patch orphaned(ApiObject application) {
    return Patch.merge(body -> {
      var meta = body.putObject("metadata");
      meta.put("uid", application.uid()).put("resourceVersion", application.resourceVersion());
      var finalizers = meta.putArray("finalizers");
      application.finalizers().stream().filter(f -> !f.equals(ORPHAN)).forEach(finalizers::add);
      finalizers.add(ORPHAN);
    });
  }

  private void await(Host host, ApiClient client, ApiObject application) {
    var until = host.nanoTime() + Duration.ofSeconds(timeout).toNanos();
    while (client
        .find(AppOptions.APPLICATION, application.key())
        .filter(there -> there.uid().equals(application.uid()))
        .isPresent()) {
      if (host.nanoTime() > until) {
        throw new CommandFault(
            "it is still being deleted after %d s; see: nave app why %s -n %s"
                .formatted(timeout, name, application.namespace()));
      }
      host.sleep(ROUND);
    }
  }
}
