package io.nave.bench;

import io.nave.bench.scale.ScaleQuestion;
import java.util.List;
import java.util.Map;

/// What can be run.
public final class Scenarios {
  private static final List<Scenario> ALL =
      List.of(
          new JoinScenario(),
          new SteadyScenario(),
          new ReturnScenario(),
          new ScheduleScenario(),
          new FanoutScenario(),
          new FeedbackScenario(),
          new RolloutScenario(),
          new RestartScenario(),
          new AppsScenario(),
          new KubefleetScenario(),
          new WritesScenario(),
          new ReadsScenario(),
          new ListsScenario(),
          new WatchScenario(),
          new AgentScenario(),
          new SmokeScenario());

  private Scenarios() {}

  /// @throws Plan.Unusable when there is none of that name
  static Scenario named(String name) {
    return ALL.stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new Plan.Unusable("there is no scenario \"" + name + "\"; there are:\n" + describe()));
  }

  /// Every scenario with its purpose and sizes, for people.
  public static String describe() {
    var text = new StringBuilder();
    for (var each : ALL) {
      text.append(line(each.name(), each.purpose(), each.sizes()));
    }
    return text.append(line(Projection.NAME, Projection.PURPOSE, ScaleQuestion.sizes())).toString();
  }

  private static String line(String name, String purpose, Map<String, Long> sizes) {
    return "  %-10s %s %s%n".formatted(name, purpose, sizes);
  }
}
