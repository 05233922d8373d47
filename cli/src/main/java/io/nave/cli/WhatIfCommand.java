package io.nave.cli;

import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.api.Yaml;
import io.nave.placement.api.Placement;
import io.nave.registration.api.ManagedCluster;
import io.nave.runtime.Host;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;

/// `nave what-if`: which decisions and works would change, if.
@Command(
    name = "what-if",
    mixinStandardHelpOptions = true,
    description = "Say which decisions and works would change, if something happened.",
    subcommands = {WhatIfCommand.OfPlacement.class, WhatIfCommand.OfCluster.class})
final class WhatIfCommand implements Runnable {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "what if what? placement NAME --drain CLUSTER, cluster NAME --drain");
  }

  /// `nave what-if placement NAME`: what would become of one Placement.
  @Command(
      name = "placement",
      mixinStandardHelpOptions = true,
      description = {
        "What would become of one Placement. Several changes happen together, in the order of this"
            + " list: add, edit, label, taint, untaint, drain, remove.",
      })
  static final class OfPlacement implements Runnable {
    @Mixin private final HubAccess hub = new HubAccess();

    @Parameters(paramLabel = "NAME", description = "Name of the Placement.")
    private String name = "";

    @Option(
        names = {"-n", "--namespace"},
        paramLabel = "NS",
        description = "Its namespace. Default: ${DEFAULT-VALUE}.")
    private String namespace = "default";

    @Option(
        names = "--add",
        paramLabel = "FILE",
        description = "ManagedClusters that come, or become this.")
    private List<Path> added = new ArrayList<>();

    @Option(
        names = "--edit",
        paramLabel = "FILE",
        description = "The Placement becomes this: its spec counts.")
    private List<Path> edited = new ArrayList<>();

    @Option(
        names = "--label",
        paramLabel = "CLUSTER:KEY=VALUE",
        description = "A cluster gets a label; CLUSTER:KEY- takes it away.")
    private List<String> labels = new ArrayList<>();

    @Option(
        names = "--taint",
        paramLabel = "CLUSTER:KEY[=VALUE]:EFFECT",
        description = "A cluster gets a taint.")
    private List<String> taints = new ArrayList<>();

    @Option(
        names = "--untaint",
        paramLabel = "CLUSTER:KEY",
        description = "A cluster loses the taints of a key.")
    private List<String> untaints = new ArrayList<>();

    @Option(
        names = "--drain",
        paramLabel = "CLUSTER",
        description = "A cluster is left by all that do not tolerate everything.")
    private List<String> drained = new ArrayList<>();

    @Option(names = "--remove", paramLabel = "CLUSTER", description = "A cluster goes.")
    private List<String> removed = new ArrayList<>();

    @Override
    public void run() {
      hub.use((host, client, config) -> {
        var question = new Hypothesis();
        added.forEach(file -> objects(host, file, "ManagedCluster").forEach(question::add));
        edited.forEach(file -> objects(host, file, "Placement").forEach(question::edit));
        labels.forEach(each -> question.label(cluster(each), rest(each)));
        taints.forEach(each -> question.taint(cluster(each), rest(each)));
        untaints.forEach(each -> question.untaint(cluster(each), rest(each)));
        drained.forEach(question::drain);
        removed.forEach(question::remove);
        var type = ResourceType.of(Placement.class);
        var key = Key.of(namespace, name);
        var answer = client.ask(type, key, "explain", question.object());
        Consequences.lines(answer.json()).forEach(System.out::println);
      });
    }

    private static String cluster(String text) {
      var at = text.indexOf(':');
      if (at <= 0) {
        throw new CommandFault("expected CLUSTER:..., found \"" + text + "\"");
      }
      return text.substring(0, at);
    }

    private static String rest(String text) {
      return text.substring(text.indexOf(':') + 1);
    }

    private static List<ApiObject> objects(Host host, Path file, String kind) {
      var objects = new ArrayList<ApiObject>();
      var text =
          host.disk()
              .read(file)
              .map(bytes -> new String(bytes, java.nio.charset.StandardCharsets.UTF_8))
              .orElseThrow(() -> new CommandFault("there is no file " + file));
      for (var tree : Yaml.parseAll(text)) {
        var object = ApiObject.of(tree);
        if (!object.kind().equals(kind)) {
          throw new CommandFault(
              file + ": expected a " + kind + ", found the kind \"" + object.kind() + "\"");
        }
        objects.add(object);
      }
      return objects;
    }
  }

  /// `nave what-if cluster NAME`: what would become of all Placements.
  @Command(
      name = "cluster",
      mixinStandardHelpOptions = true,
      description = "What would become of all Placements, if something happened to a cluster.")
  static final class OfCluster implements Runnable {
    @Mixin private final HubAccess hub = new HubAccess();

    @Parameters(paramLabel = "NAME", description = "Name of the ManagedCluster.")
    private String name = "";

    @Option(
        names = "--label",
        paramLabel = "KEY=VALUE",
        description = "It gets a label; KEY- takes it away.")
    private List<String> labels = new ArrayList<>();

    @Option(names = "--taint", paramLabel = "KEY[=VALUE]:EFFECT", description = "It gets a taint.")
    private List<String> taints = new ArrayList<>();

    @Option(names = "--untaint", paramLabel = "KEY", description = "It loses the taints of a key.")
    private List<String> untaints = new ArrayList<>();

    @Option(names = "--drain", description = "It is left by all that do not tolerate everything.")
    private boolean drained;

    @Option(names = "--remove", description = "It goes.")
    private boolean removed;

    @Override
    public void run() {
      hub.use((host, client, config) -> {
        var question = new Hypothesis();
        labels.forEach(each -> question.label(name, each));
        taints.forEach(each -> question.taint(name, each));
        untaints.forEach(each -> question.untaint(name, each));
        if (drained) {
          question.drain(name);
        }
        if (removed) {
          question.remove(name);
        }
        var type = ResourceType.of(ManagedCluster.class);
        var answer = client.ask(type, Key.of(name), "explain", question.object());
        Consequences.lines(answer.json()).forEach(System.out::println);
      });
    }
  }

  /// The changes of one question, as the API takes them.
  static final class Hypothesis {
    private final ArrayNode changes = Json.mapper().createArrayNode();

    void add(ApiObject cluster) {
      changes.addObject().set("cluster", cluster.json());
    }

    void edit(ApiObject placement) {
      changes.addObject().set("placement", placement.json());
    }

    /// @param text `KEY=VALUE`, or `KEY-` to take it away
    void label(String cluster, String text) {
      var equals = text.indexOf('=');
      if (equals <= 0 && !(text.endsWith("-") && text.length() > 1)) {
        throw new CommandFault("label: expected KEY=VALUE or KEY-, found \"" + text + "\"");
      }
      var label = changes.addObject().putObject("label").put("cluster", cluster);
      if (equals > 0) {
        label.putObject("labels").put(text.substring(0, equals), text.substring(equals + 1));
      } else {
        label.putObject("labels").putNull(text.substring(0, text.length() - 1));
      }
    }

    /// @param text `KEY[=VALUE]:EFFECT`
    void taint(String cluster, String text) {
      var colon = text.lastIndexOf(':');
      if (colon <= 0) {
        throw new CommandFault(
            "taint: expected KEY[=VALUE]:EFFECT, with NoSelect, NoSelectIfNew or PreferNoSelect,"
                + " found \""
                + text
                + "\"");
      }
      var pair = text.substring(0, colon).split("=", 2);
      var taint = changes.addObject().putObject("taint").put("cluster", cluster);
      taint.put("key", pair[0]).put("effect", text.substring(colon + 1));
      if (pair.length > 1) {
        taint.put("value", pair[1]);
      }
    }

    void untaint(String cluster, String key) {
      changes.addObject().putObject("untaint").put("cluster", cluster).put("key", key);
    }

    void drain(String cluster) {
      changes.addObject().put("drain", cluster);
    }

    void remove(String cluster) {
      changes.addObject().put("remove", cluster);
    }

    ApiObject object() {
      if (changes.isEmpty()) {
        throw new CommandFault(
            "what if what? give at least one change, such as --drain; see --help");
      }
      var object = Json.object();
      object.set("changes", changes);
      return ApiObject.of(object);
    }
  }
}
