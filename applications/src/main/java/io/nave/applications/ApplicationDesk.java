package io.nave.applications;

import io.nave.api.ApiError;
import io.nave.api.Key;
import io.nave.api.Meta;
import io.nave.applications.api.Application;
import io.nave.applications.definitions.BadDefinition;
import io.nave.work.ManifestWork;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/// Answers what would become of an application. Made before the API is served, so that its kinds
/// can name it; answers once [ApplicationsHub] runs. Any task may ask.
public final class ApplicationDesk {
  /// What the answers are worked out from, which is what the controller works with.
  interface Room {
    Optional<Application> application(Key key);

    List<ManifestWork> works(Key application);

    Scene scene(Application application);
  }

  private final AtomicReference<Room> open = new AtomicReference<>();

  /// Called by the hub that answers.
  void open(Room room) {
    open.set(room);
  }

  /// What clusters would have when every step of the application had succeeded.
  ///
  /// @throws ApiError BadRequest when nothing would be delivered, saying why
  public Preview preview(Application application) {
    var room = open.get();
    if (room == null) {
      throw ApiError.unavailable("the application layer is still starting; ask again in a moment");
    }
    try {
      return preview(numbered(application, room), room);
    } catch (Refusal | BadDefinition e) {
      throw ApiError.badRequest(String.valueOf(e.getMessage()));
    }
  }

  private static Preview preview(Application application, Room room) {
    var present = room.works(application.key());
    var wanted = new Conduct(application, present, room.scene(application)).outlook();
    return Preview.of(wanted.plan().works().values(), present, wanted.notices());
  }

  /// With the identity and the generation that it would be stored with.
  private static Application numbered(Application application, Room room) {
    Function<Application, Application> next =
        stored -> {
          var m = stored.metadata();
          var edited = !stored.spec().equals(application.spec());
          return new Application(
              new Meta(
                  m.name(),
                  "",
                  m.namespace(),
                  m.uid(),
                  m.resourceVersion(),
                  m.generation() + (edited ? 1 : 0),
                  m.creationTimestamp(),
                  m.deletionTimestamp(),
                  application.metadata().labels(),
                  application.metadata().annotations(),
                  m.finalizers(),
                  m.ownerReferences()),
              application.spec(),
              stored.status());
        };
    return room.application(application.key()).map(next).orElseGet(() -> first(application));
  }

  private static Application first(Application application) {
    var m = application.metadata();
    return new Application(
        new Meta(
            m.name(),
            "",
            m.namespace(),
            "",
            "",
            1,
            null,
            null,
            m.labels(),
            m.annotations(),
            List.of(),
            List.of()),
        application.spec(),
        application.status());
  }
}
