package io.nave.cli;

import io.nave.api.ApiError;
import io.nave.api.Codec;
import io.nave.api.Json;
import io.nave.api.Yaml;
import io.nave.api.YamlLines;
import io.nave.applications.OfflineRendering;
import io.nave.applications.api.Application;
import io.nave.applications.definitions.BadDefinition;
import io.nave.applications.definitions.Catalog;
import io.nave.applications.definitions.Definition;
import io.nave.applications.definitions.DefinitionCheck;
import io.nave.applications.definitions.Definitions;
import io.nave.applications.definitions.Nearest;
import io.nave.applications.definitions.Role;
import io.nave.runtime.Host;
import io.nave.runtime.Parts;
import io.nave.runtime.RealHost;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/// `nave def`: for those who write types of components and traits. Needs a hub only to show what
/// stands in one.
@Command(
    name = "def",
    mixinStandardHelpOptions = true,
    description = "Check, show and try out definitions of components, traits, policies and steps.",
    subcommands = {DefCommand.Check.class, DefCommand.Show.class, DefCommand.Render.class})
final class DefCommand implements Runnable {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "def what? check FILE, show TYPE or render TYPE");
  }

  private static <T> T withHost(Function<Host, T> action) {
    var parts = new Parts();
    try (parts) {
      return action.apply(parts.open(RealHost.start("nave")));
    }
  }

  private static String read(Host host, Path file) {
    return HubAccess.read(host, file, "name a file that is there");
  }

  /// `nave def check`.
  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      description = {
        "Check files of definitions: one line FILE:LINE: PATH: FAULT for each fault.",
        "Exit code 0: all good, 1: faults."
      })
  static final class Check implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", arity = "1..*", description = "YAML with definitions.")
    private List<Path> files = List.of();

    @Override
    public Integer call() {
      var lines =
          withHost(host -> {
            var found = new ArrayList<String>();
            files.forEach(file -> found.addAll(faults(file.toString(), read(host, file))));
            return found;
          });
      lines.forEach(System.out::println);
      if (lines.isEmpty()) {
        System.out.println("good");
      }
      return lines.isEmpty() ? 0 : 1;
    }

    /// One line for each fault of a file. Pure.
    static List<String> faults(String file, String text) {
      var lines = new ArrayList<String>();
      List<ObjectNode> documents;
      try {
        documents = Yaml.parseAll(text);
      } catch (ApiError e) {
        return List.of(file + ": " + e.getMessage());
      }
      var places = YamlLines.of(text);
      for (var i = 0; i < documents.size(); i++) {
        for (var fault : DefinitionCheck.faults(documents.get(i))) {
          lines.add(
              "%s:%d: %s: %s"
                  .formatted(file, places.line(i, fault.field()), fault.field(), fault.message()));
        }
      }
      return lines;
    }
  }

  /// Which type a command is about.
  static final class TypeOptions {
    @Parameters(paramLabel = "TYPE", description = "As applications name it.")
    private String type = "";

    @Option(
        names = "--kind",
        paramLabel = "KIND",
        description = "component, trait, policy or workflowstep. Default: the first that has it.")
    private @Nullable String kind;

    @Option(
        names = {"-f", "--definitions"},
        paramLabel = "FILE",
        description = "YAML with definitions, beside those that ship with Nave.")
    private @Nullable Path file;

    Definitions definitions(Host host) {
      try {
        return file == null
            ? Definitions.builtIn()
            : Definitions.builtInAnd(Yaml.parseAll(read(host, file)));
      } catch (BadDefinition e) {
        throw new CommandFault(e.getMessage() + "; see: nave def check " + file);
      }
    }

    Definition find(Definitions definitions) {
      var known = new ArrayList<String>();
      for (var role : Role.values()) {
        if (kind == null || kind.equals(role.word())) {
          var found = definitions.find(role, type);
          if (found.isPresent()) {
            return found.get();
          }
          known.addAll(definitions.types(role));
        }
      }
      if (known.isEmpty()) {
        throw new CommandFault(
            "--kind: expected one of "
                + Arrays.stream(Role.values()).map(Role::word).toList()
                + ", found "
                + kind);
      }
      throw new CommandFault(
          "there is no type \"%s\"%s"
              .formatted(
                  type,
                  Nearest.to(type, known)
                      .map(name -> "; did you mean " + name + "?")
                      .orElse("; known types are " + String.join(", ", known))));
    }
  }

  /// `nave def show`.
  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = {
        "Show the properties of a type; with -o yaml, the whole definition. With -n, as the",
        "applications of that namespace of the hub have it."
      })
  static final class Show implements Runnable {
    @CommandLine.Mixin private TypeOptions type = new TypeOptions();

    @CommandLine.Mixin private HubAccess hub = new HubAccess();

    @Option(
        names = {"-n", "--namespace"},
        paramLabel = "NAMESPACE",
        description = "Ask the hub; its own definitions win over those that ship with Nave.")
    private @Nullable String namespace;

    @Option(
        names = {"-o", "--output"},
        paramLabel = "FORMAT",
        description = "table (default) or yaml.")
    private String output = "table";

    @Override
    public void run() {
      if (!List.of("table", "yaml").contains(output)) {
        throw new CommandFault("-o: expected table or yaml, found " + output);
      }
      if (namespace == null) {
        String shown = withHost(host -> text(type.find(type.definitions(host)), output));
        System.out.print(shown);
      } else if (type.file != null) {
        throw new CommandFault("give either -f or -n: a file is not in the hub yet");
      } else {
        var asked = namespace;
        hub.use((_, client, _) -> System.out.print(text(new HubTypes(client), asked)));
      }
    }

    private String text(HubTypes types, String asked) {
      var definition = type.find(new Catalog().of(types, asked, false));
      return (output.equals("yaml") ? stored(types, asked, definition) : Optional.<String>empty())
          .orElseGet(() -> text(definition, output));
    }

    private static Optional<String> stored(HubTypes types, String namespace, Definition found) {
      return types
          .definition(found.role(), namespace, found.name())
          .or(() -> types.definition(found.role(), Catalog.SYSTEM, found.name()))
          .map(object -> Yaml.write(object.json()));
    }

    static String text(Definition definition, String output) {
      if (output.equals("yaml")) {
        return Yaml.write(
            Definitions.builtInManifest(definition.role(), definition.name())
                .orElseGet(definition::schema));
      }
      return ParameterTable.of(definition);
    }
  }

  /// `nave def render`.
  @Command(
      name = "render",
      mixinStandardHelpOptions = true,
      description = "Show the objects that a component, or a trait on a component, becomes.")
  static final class Render implements Runnable {
    @CommandLine.Mixin private TypeOptions type = new TypeOptions();

    @Option(
        names = {"-p", "--properties"},
        paramLabel = "FILE",
        description = "YAML with the properties. Default: none.")
    private @Nullable Path properties;

    @Option(
        names = "--component",
        paramLabel = "TYPE",
        description = "For a trait: the type of the component it is on. Default: ${DEFAULT-VALUE}.")
    private String component = "webservice";

    @Option(
        names = "--component-properties",
        paramLabel = "FILE",
        description = "For a trait: YAML with the component's properties.")
    private @Nullable Path componentProperties;

    @Option(
        names = "--kubernetes",
        paramLabel = "VERSION",
        description = "The version of the cluster, such as v1.31.0. Default: a new one.")
    private @Nullable String kubernetes;

    @Override
    public void run() {
      String rendered = withHost(this::rendered);
      System.out.print(rendered);
    }

    private String rendered(Host host) {
      var definitions = type.definitions(host);
      var found = type.find(definitions);
      var application = application(found, parse(host, properties), component(host));
      try {
        return Yaml.writeAll(OfflineRendering.objects(application, definitions, kubernetes));
      } catch (BadDefinition e) {
        throw new CommandFault(String.valueOf(e.getMessage()));
      }
    }

    private ObjectNode component(Host host) {
      var given = Json.object().put("name", "example").put("type", component);
      var own = parse(host, componentProperties);
      given.set("properties", own.isEmpty() ? Json.object().put("image", "example") : own);
      return given;
    }

    private static ObjectNode parse(Host host, @Nullable Path file) {
      return file != null && Yaml.parse(read(host, file)) instanceof ObjectNode object
          ? object
          : Json.object();
    }

    private static Application application(
        Definition definition, ObjectNode properties, ObjectNode component) {
      var object = Json.object();
      object.putObject("metadata").put("name", "example").put("namespace", "default");
      switch (definition.role()) {
        case COMPONENT -> component.put("type", definition.name()).set("properties", properties);
        case TRAIT ->
            component
                .putArray("traits")
                .addObject()
                .put("type", definition.name())
                .set("properties", properties);
        case POLICY, WORKFLOW_STEP ->
            throw new CommandFault(
                definition.role().kind() + " " + definition.name() + " renders no objects");
      }
      object.putObject("spec").putArray("components").add(component);
      return Codec.decode(object, Application.class);
    }
  }
}
