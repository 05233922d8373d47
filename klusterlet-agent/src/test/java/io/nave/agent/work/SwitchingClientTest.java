package io.nave.agent.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.controllers.ApiClient;
import io.nave.runtime.Transport;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class SwitchingClientTest {
  private static final ResourceType TYPE =
      ResourceType.of("", "v1", "ConfigMap", "configmaps", true);

  /// Answers every read the same way.
  private record Fixed(Supplier<ApiObject> answer) implements ApiClient {
    @Override
    public ApiObject get(ResourceType type, Key key) {
      return answer.get();
    }

    @Override
    public Listing list(ResourceType type, String namespace, Selection selection) {
      return new Listing(List.of(answer.get()), "1");
    }

    @Override
    public ApiObject create(ResourceType type, ApiObject object) {
      return answer.get();
    }

    @Override
    public ApiObject update(ResourceType type, ApiObject object, String subresource) {
      return answer.get();
    }

    @Override
    public ApiObject patch(ResourceType type, Key key, String subresource, Patch patch) {
      return answer.get();
    }

    @Override
    public void delete(ResourceType type, Key key, String uid) {
      answer.get();
    }

    @Override
    public Watch watch(
        ResourceType type, String namespace, Selection selection, String resourceVersion) {
      answer.get();
      throw new IllegalStateException("not used here");
    }

    @Override
    public List<Optional<ApiObject>> commit(List<Write> writes) {
      return List.of(Optional.of(answer.get()));
    }
  }

  private static ApiClient named(String name) {
    return new Fixed(() -> ApiObject.named(TYPE, "", name));
  }

  private static final ApiClient SILENT =
      new Fixed(() -> {
        throw new Transport.Unreachable("gone", null);
      });
  private static final ApiClient REFUSING =
      new Fixed(() -> {
        throw ApiError.unauthorized("who are you");
      });

  private final SwitchingClient client = new SwitchingClient();
  private final AtomicInteger connections = new AtomicInteger();

  private String read() {
    return client.get(TYPE, Key.of("x")).name();
  }

  @Test
  void isUnreachableBeforeTheFirstCredential() {
    assertThatThrownBy(this::read)
        .isInstanceOf(Transport.Unreachable.class)
        .hasMessageContaining("registration has to finish first");
    assertThat(client.connected()).isFalse();
  }

  @Test
  void usesTheLatestClient() {
    client.use(named("one"));
    assertThat(read()).isEqualTo("one");
    client.use(named("two"));
    assertThat(read()).isEqualTo("two");
  }

  @Test
  void tellsEachTimeTheHubAnswersAgain() {
    client.onConnected(connections::incrementAndGet);
    client.use(named("one"));
    read();
    read();
    assertThat(connections).hasValue(1);
    client.use(SILENT);
    assertThatThrownBy(this::read).isInstanceOf(Transport.Unreachable.class);
    assertThat(client.connected()).isFalse();
    client.use(REFUSING);
    assertThatThrownBy(this::read).isInstanceOf(ApiError.class);
    assertThat(client.connected()).as("a refusal is an answer").isTrue();
    assertThat(connections).hasValue(2);
  }
}
