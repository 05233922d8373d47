package io.nave.applications;

import io.nave.api.ApiError;
import io.nave.api.Key;
import io.nave.api.Meta;
import io.nave.applications.api.Application;
import io.nave.applications.api.ApplicationRevision;
import io.nave.applications.api.Policy;
import io.nave.applications.api.Workflow;
import io.nave.applications.definitions.BadDefinition;
import io.nave.applications.definitions.Catalog;
import io.nave.applications.revisions.Revisions;
import io.nave.work.ManifestWork;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/// Answers what would become of an application. Made before the API is served, so that its kinds
/// can name it; answers once [ApplicationsHub] runs. Any task may ask.
///
/// Answers by what is stored when someone asks: the application, its types, workflow and policies,
/// environments and clusters. What controllers make of those, decisions of Placements and works, is
/// answered by their caches, which follow in a moment.
public final class ApplicationDesk {
  /// What the controller knows, of what is not read from what is stored.
  interface Room {
    /// The present works of the application, in key order.
    List<ManifestWork> works(Key application);

    /// The fleet, with clusters and what leads to them as they are stored.
    Fleet fleet(Stored stored);

    /// What its steps may ask about and for.
    Outside outside(Key application);

    Instant now();
  }

  private final Catalog catalog = new Catalog();
  private final AtomicReference<Room> open = new AtomicReference<>();

  /// Called by the hub that answers.
  void open(Room room) {
    open.set(room);
  }

  /// What clusters would have when every step of the application had succeeded.
  ///
  /// @param stored when the question was asked
  /// @throws ApiError BadRequest when nothing would be delivered, saying why
  public Preview preview(Application application, Stored stored) {
    var room = open.get();
    if (room == null) {
      throw ApiError.unavailable("the application layer is still starting; ask again in a moment");
    }
    try {
      return preview(numbered(application, stored), stored, room);
    } catch (Refusal | BadDefinition e) {
      throw ApiError.badRequest(String.valueOf(e.getMessage()));
    }
  }

  private Preview preview(Application application, Stored stored, Room room) {
    var present = room.works(application.key());
    var wanted = new Conduct(application, present, scene(application, stored, room)).outlook();
    return Preview.of(wanted.plan().works().values(), present, wanted.notices());
  }

  private Scene scene(Application application, Stored stored, Room room) {
    var own = application.key();
    return new Scene(
        room.fleet(stored),
        ApplicationTypes.definitions(catalog, application, stored),
        name -> stored.find(Workflow.class, Key.of(own.namespace(), name)),
        name -> stored.find(Policy.class, Key.of(own.namespace(), name)),
        number ->
            stored.find(
                ApplicationRevision.class,
                Key.of(own.namespace(), Revisions.name(own.name(), number))),
        (role, kept) -> stored.revision(kept).flatMap(there -> catalog.kept(role, there)),
        room.outside(own),
        room.now());
  }

  /// With the identity and the generation that it would be stored with.
  private static Application numbered(Application application, Stored stored) {
    Function<Application, Application> next =
        there -> {
          var m = there.metadata();
          var edited = !there.spec().equals(application.spec());
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
              there.status());
        };
    return stored
        .find(Application.class, application.key())
        .map(next)
        .orElseGet(() -> first(application));
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
