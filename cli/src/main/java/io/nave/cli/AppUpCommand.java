package io.nave.cli;

import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.controllers.ApiClient;
import io.nave.controllers.Discovery;
import io.nave.controllers.HttpsTransport;
import io.nave.controllers.Kubeconfig;
import io.nave.runtime.Host;
import io.nave.runtime.Parts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `nave app up`: applies what files say.
@Command(
    name = "up",
    mixinStandardHelpOptions = true,
    description = {
      "Create or change an application, and whatever else the file holds (policies, workflows,",
      "placements). The same as: kubectl apply --server-side -f FILE"
    })
final class AppUpCommand implements Callable<Integer> {
  private static final Duration ROUND = Duration.ofMillis(500);

  /// Phases that an application does not leave by itself.
  private static final Set<String> FINAL =
      Set.of("running", "workflowSuspending", "workflowTerminated", "workflowFailed");

  @Mixin private AppOptions options = new AppOptions();

  @Option(
      names = {"-f", "--file"},
      required = true,
      paramLabel = "FILE",
      description = "Documents in YAML or JSON.")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--dry-run",
      description = "Only say what each cluster would get; the same as: nave app diff -f FILE.")
  private boolean dryRun;

  @Option(
      names = {"-w", "--wait"},
      description = "Wait until the application runs, fails, or waits for approval.")
  private boolean wait;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "How long to wait. Default: ${DEFAULT-VALUE}.")
  private int timeout = 300;

  private int exit;

  @Override
  public Integer call() {
    options.use((host, client, config) -> {
      if (dryRun) {
        var preview = Previews.ask(client, options.onlyApplication(host, files));
        PreviewText.lines(preview, false).forEach(System.out::println);
      } else {
        up(host, client, config);
      }
    });
    return exit;
  }

  private void up(Host host, ApiClient client, Kubeconfig config) {
    var applications = new ArrayList<Key>();
    var parts = new Parts();
    try (parts) {
      var kinds = new Discovery(host, parts.open(HttpsTransport.open(host, config)));
      for (var object : options.objects(host, files)) {
        apply(client, kinds, object);
        if (object.kind().equals(AppOptions.APPLICATION.kind())) {
          applications.add(object.key());
        }
      }
    }
    if (wait) {
      applications.forEach(key -> exit = Math.max(exit, awaited(host, client, key)));
    }
  }

  private static void apply(ApiClient client, Discovery kinds, ApiObject object) {
    var type =
        kinds
            .find(object.apiVersion(), object.kind())
            .orElseThrow(() ->
                new CommandFault(
                    "the hub has no kind %s in %s".formatted(object.kind(), object.apiVersion())));
    var placed = type.namespaced() ? object : object.editMeta(meta -> meta.remove("namespace"));
    var before = client.find(type, placed.key());
    var patch = new Patch(Patch.Form.APPLY, placed.json(), "nave-app", true);
    var after = client.patch(type, placed.key(), "", patch);
    var did =
        before
            .map(old -> old.resourceVersion().equals(after.resourceVersion()))
            .map(same -> same ? "unchanged" : "configured")
            .orElse("created");
    System.out.println(type.kind().toLowerCase(Locale.ROOT) + "/" + placed.name() + " " + did);
  }

  /// @return 0 when it runs or waits for someone
  private int awaited(Host host, ApiClient client, Key key) {
    var until = host.nanoTime() + Duration.ofSeconds(timeout).toNanos();
    while (true) {
      var application = client.get(AppOptions.APPLICATION, key);
      var phase = application.status().path("status").asString("");
      if (isSeen(application) && FINAL.contains(phase)) {
        System.out.println(key + " " + phase);
        return phase.equals("running") || phase.equals("workflowSuspending") ? 0 : 1;
      }
      if (host.nanoTime() > until) {
        throw new CommandFault(
            "%s is still \"%s\" after %d s; see: nave app why %s -n %s"
                .formatted(key, phase, timeout, key.name(), key.namespace()));
      }
      host.sleep(ROUND);
    }
  }

  private static boolean isSeen(ApiObject application) {
    return application.status().path("observedGeneration").asLong(0) == application.generation();
  }
}
