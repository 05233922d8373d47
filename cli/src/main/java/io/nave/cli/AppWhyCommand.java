package io.nave.cli;

import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.controllers.ApiClient;
import io.nave.registration.api.ManagedCluster;
import io.nave.work.ManifestWork;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `nave app why`.
@Command(
    name = "why",
    mixinStandardHelpOptions = true,
    description = "Say why an application is not ready: cause and next step, on one screen.")
final class AppWhyCommand implements Runnable {
  private static final ResourceType CLUSTER = ResourceType.of(ManagedCluster.class);

  @Mixin private AppOptions options = new AppOptions();

  @Parameters(paramLabel = "NAME", description = "The application.")
  private String name = "";

  @Override
  public void run() {
    options.use((host, client, config) -> {
      var application = options.application(client, name);
      WhyApplication.lines(application, places(client, application)).forEach(System.out::println);
    });
  }

  /// The works in the clusters that are behind; of an application on its way out, all that are
  /// left.
  private static List<WhyApplication.Place> places(ApiClient client, ApiObject application) {
    var places = new ArrayList<WhyApplication.Place>();
    for (var cluster : WhyApplication.behind(application)) {
      var managed =
          client
              .find(CLUSTER, Key.of(cluster))
              .map(object -> Codec.decode(object, ManagedCluster.class))
              .orElse(null);
      places.add(
          new WhyApplication.Place(cluster, managed, works(client, cluster, application.key())));
    }
    return places;
  }

  private static List<ManifestWork> works(ApiClient client, String cluster, Key application) {
    return client
        .list(AppOptions.WORK, cluster, Selection.labelled("app.oam.dev/name", application.name()))
        .items()
        .stream()
        .map(object -> Codec.decode(object, ManifestWork.class))
        .filter(work ->
            application.namespace().equals(work.metadata().labels().get("app.oam.dev/namespace")))
        .toList();
  }
}
