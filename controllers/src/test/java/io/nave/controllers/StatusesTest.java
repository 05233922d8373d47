package io.nave.controllers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.Json;
import io.nave.api.Meta;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.runtime.sim.SimWorld;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class StatusesTest {
  private static final ResourceType THINGS =
      ResourceType.of("g", "v1", "Thing", "things", true).withStatus();

  private final InMemoryApi api = new InMemoryApi(new SimWorld(1).host("hub"));

  private ApiObject stored(String status) {
    return api.store(
        ApiObject.named(THINGS, "n", "a")
            .edit(tree -> {
              tree.withObjectProperty("metadata").put("uid", "u1");
              if (!status.isEmpty()) {
                tree.set("status", Json.parse(status));
              }
            }));
  }

  @Test
  void writesOnlyWhatChangedOntoTheObjectThatWasRead() {
    var current = stored("{\"phase\":\"Old\",\"count\":1}");
    var wanted = Json.object().put("phase", "New").put("count", 1);
    assertThat(Statuses.patch(api, THINGS, current, wanted)).isPresent();
    assertThat(api.lastPatch.form()).isEqualTo(Patch.Form.MERGE);
    assertThat(api.lastPatch.body())
        .isEqualTo(
            Json.parse(
                """
                {"metadata":{"uid":"u1","resourceVersion":"101"},"status":{"phase":"New"}}\
                """));
  }

  @Test
  void writesNothingWhenNothingChanged() {
    var current = stored("{\"count\":1}");
    assertThat(Statuses.patch(api, THINGS, current, Json.object().put("count", 1))).isEmpty();
    assertThat(Statuses.patch(api, THINGS, stored(""), Json.object())).isEmpty();
    assertThat(api.lastPatch).isNull();
  }

  @Test
  void writesTheFirstStatus() {
    assertThat(
            Statuses.plan(stored(""), Json.object().put("count", 1))
                .orElseThrow()
                .body()
                .path("status"))
        .isEqualTo(Json.parse("{\"count\":1}"));
  }

  /// - Goal: what was decided of an object that changed, went or was replaced since is not written.
  @Test
  void whatWasDecidedIsWrittenOntoWhatWasRead() {
    var read = stored("{}");
    var meta = Codec.decode(read.json().path("metadata"), Meta.class);
    assertThat(Statuses.asRead(THINGS, Optional.of(read), meta)).isSameAs(read);
    var edited = read.editMeta(m -> m.put("resourceVersion", "999"));
    var replaced = read.editMeta(m -> m.put("uid", "u2"));
    for (var now :
        List.of(Optional.of(edited), Optional.of(replaced), Optional.<ApiObject>empty())) {
      var error = catchThrowableOfType(ApiError.class, () -> Statuses.asRead(THINGS, now, meta));
      assertThat(error.reason()).isEqualTo(ApiError.Reason.CONFLICT);
      assertThat(error).hasMessageContaining("things.g \"a\": it was changed since it was read");
    }
  }
}
