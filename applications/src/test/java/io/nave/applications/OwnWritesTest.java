package io.nave.applications;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.Resource;
import io.nave.api.ResourceType;
import io.nave.applications.api.Application;
import io.nave.work.ManifestWork;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OwnWritesTest {
  private static final Key WEB = Key.of("default", "web");

  private final OwnWrites own = new OwnWrites();

  private static Optional<ApiObject> stored(Class<? extends Resource> kind, int revision) {
    return Optional.of(
        ApiObject.named(ResourceType.of(kind), "default", "web")
            .editMeta(meta -> meta.put("resourceVersion", String.valueOf(revision))));
  }

  /// - Goal: an application is not as the last pass left it until the cache has that or newer; what
  ///   else was written with it does not count.
  @Test
  void anApplicationIsShownOnceItsLastWriteIs() {
    assertThat(own.isShown(WEB, "7")).isTrue();

    own.wrote(
        WEB,
        List.of(
            stored(ManifestWork.class, 30),
            stored(Application.class, 9),
            Optional.empty(),
            stored(Application.class, 10)));

    assertThat(own.isShown(WEB, "9")).isFalse();
    assertThat(own.isShown(Key.of("default", "other"), "9")).isTrue();
    assertThat(own.isShown(WEB, "11")).isTrue();
    assertThat(own.isShown(WEB, "9")).as("asked about once it was shown").isTrue();
  }
}
