package io.nave.apiserver.registry;

import static io.nave.apiserver.TestServer.ADMIN;
import static io.nave.apiserver.TestServer.CONFIG_MAPS;
import static io.nave.apiserver.TestServer.WIDGETS;
import static io.nave.apiserver.TestServer.configMap;
import static io.nave.apiserver.TestServer.inDefault;
import static io.nave.apiserver.TestServer.merge;
import static io.nave.apiserver.TestServer.object;
import static io.nave.apiserver.TestServer.refusal;
import static io.nave.apiserver.TestServer.widget;
import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiError;
import io.nave.api.ApiError.Reason;
import io.nave.api.ResourceType;
import io.nave.apiserver.Api;
import io.nave.apiserver.TestServer;
import io.nave.apiserver.kinds.ResourceQuota;
import io.nave.controllers.ApiClient.Write;
import io.nave.runtime.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class QuotasTest {
  private static final ResourceType QUOTAS = ResourceType.of(ResourceQuota.class);

  private final TestServer server = TestServer.start();

  @AfterEach
  void close() {
    server.close();
  }

  private void limit(String hard) {
    server.client.create(
        QUOTAS,
        object(
            "{'metadata':{'name':'q','namespace':'default'},'spec':{'hard':{%s}}}"
                .formatted(hard)));
  }

  private String used(String name) {
    return server
        .client
        .get(QUOTAS, inDefault("q"))
        .status()
        .path("used")
        .path(name)
        .asString("nothing");
  }

  @Test
  void theStatusTellsWhatIsThereFromTheStart() {
    server.create(widget("a", 1));
    limit("'count/widgets.example.io':'2','configmaps':5,'requests.cpu':'4'");
    assertThat(used("count/widgets.example.io")).isEqualTo("1");
    assertThat(used("configmaps")).isEqualTo("0");
    assertThat(used("requests.cpu")).isEqualTo("0");
    assertThat(server.client.get(QUOTAS, inDefault("q")).at("/status/hard/configmaps").asString())
        .isEqualTo("5");
  }

  @Test
  void whatGoesBeyondIsRefusedInKubernetesWords() {
    limit("'count/widgets.example.io':'2'");
    server.create(widget("a", 1));
    server.create(widget("b", 1));
    var refusal = refusal(() -> server.create(widget("c", 1)));
    assertThat(refusal.reason()).isEqualTo(Reason.FORBIDDEN);
    assertThat(refusal)
        .hasMessage(
            "widgets.example.io \"c\" is forbidden: exceeded quota: q, requested:"
                + " count/widgets.example.io=1, used: count/widgets.example.io=2, limited:"
                + " count/widgets.example.io=2");
    assertThat(used("count/widgets.example.io")).isEqualTo("2");
  }

  @Test
  void aDeleteMakesRoomAndAnUpdateTakesNone() {
    limit("'count/widgets.example.io':'1'");
    server.create(widget("a", 1));
    server.patch("a", "", "{'spec':{'size':2}}");
    assertThat(used("count/widgets.example.io")).isEqualTo("1");
    server.client.delete(WIDGETS, inDefault("a"), null);
    assertThat(used("count/widgets.example.io")).isEqualTo("0");
    server.create(widget("b", 1));
    assertThat(used("count/widgets.example.io")).isEqualTo("1");
  }

  @Test
  void alreadyTooManyMayStayAndChange() {
    server.create(widget("a", 1));
    server.create(widget("b", 1));
    limit("'count/widgets.example.io':'1'");
    assertThat(server.patch("a", "", "{'spec':{'size':9}}").at("/spec/size").asInt(0)).isEqualTo(9);
    server.client.create(CONFIG_MAPS, configMap("default", "free"));
    assertThat(refusal(() -> server.create(widget("c", 1)))).hasMessageContaining("exceeded quota");
  }

  @Test
  void severalAtOnceCountTogetherAndAreAllRefused() {
    limit("'count/widgets.example.io':'2'");
    var three =
        List.<Write>of(
            new Write.Create(WIDGETS, widget("a", 1)),
            new Write.Create(WIDGETS, widget("b", 1)),
            new Write.Create(WIDGETS, widget("c", 1)));
    assertThat(refusal(() -> server.client.commit(three)))
        .hasMessageContaining(
            "requested: count/widgets.example.io=3, used:"
                + " count/widgets.example.io=0, limited: count/widgets.example.io=2");
    assertThat(server.store.view().count(WIDGETS.resource(), "")).isZero();
  }

  @Test
  void aDryRunIsJudgedAndCountsNothing() {
    limit("'count/widgets.example.io':'1'");
    var dry = new Api.Options(true, "Ignore", "");
    server.api.create(ADMIN, WIDGETS, widget("a", 1), "", dry);
    assertThat(used("count/widgets.example.io")).isEqualTo("0");
    server.create(widget("b", 1));
    assertThat(refusal(() -> server.api.create(ADMIN, WIDGETS, widget("a", 1), "", dry)))
        .hasMessageContaining("exceeded quota");
  }

  @Test
  void whatAClientWritesIntoTheStatusDoesNotCount() {
    limit("'count/widgets.example.io':'1'");
    server.create(widget("a", 1));
    server.client.patch(
        QUOTAS,
        inDefault("q"),
        "status",
        merge("{'status':{'used':{'count/widgets.example.io':'0'}}}"));
    assertThat(used("count/widgets.example.io")).isEqualTo("1");
  }

  /// - Goal: many at once take exactly the places there are, and none is told to come again.
  /// - Method: 40 tasks create one object each where there is room for 15.
  @Test
  void manyAtOnceTakeExactlyThePlacesThereAre() {
    limit("'count/widgets.example.io':'15'");
    var refused = new AtomicInteger();
    var others = new AtomicInteger();
    server.onTask(() -> {
      var tasks = new ArrayList<Task>();
      for (var i = 0; i < 40; i++) {
        var name = "w" + i;
        tasks.add(
            server.host.start(
                "creator",
                () -> {
                  try {
                    server.create(widget(name, 1));
                  } catch (ApiError e) {
                    (e.is(Reason.FORBIDDEN) ? refused : others).incrementAndGet();
                  }
                }));
      }
      tasks.forEach(task -> task.join(Duration.ofMinutes(1)));
      return "done";
    });
    assertThat(others).hasValue(0);
    assertThat(refused).hasValue(25);
    assertThat(server.store.view().count(WIDGETS.resource(), "")).isEqualTo(15);
    assertThat(used("count/widgets.example.io")).isEqualTo("15");
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " | ",
      quoteCharacter = '`',
      textBlock =
          """
          'gadgets':'1'        | spec.hard[gadgets]: Invalid value: "gadgets": must be a standard resource for quota
          'configmaps':'many'  | quantities must match the regular expression
          'configmaps':'-1'    | must be greater than or equal to 0
          'count/No Such':'1'  | must be a qualified name
          """)
  void whatCannotBeCountedIsRefused(String hard, String said) {
    var refusal = refusal(() -> limit(hard));
    assertThat(refusal.reason()).isEqualTo(Reason.INVALID);
    assertThat(refusal).hasMessageContaining(said);
  }
}
