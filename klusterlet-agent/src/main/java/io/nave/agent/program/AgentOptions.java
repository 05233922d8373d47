package io.nave.agent.program;

import io.nave.agent.AgentConfig;
import io.nave.api.Key;
import io.nave.controllers.HttpsTransport;
import io.nave.controllers.Kubeconfig;
import io.nave.registration.agent.AgentSettings;
import io.nave.registration.agent.Portrait;
import io.nave.registration.api.ManagedCluster;
import io.nave.runtime.Host;
import io.nave.runtime.Transport;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the agent program is told, by the words of `nave join`.
///
/// @param bootstraps kubeconfig files of hubs, in the order they are tried
/// @param kubeconfig of the agent's own cluster; null: it runs in it
/// @param context in `kubeconfig`; null: its current one
/// @param dataDir null: `~/.nave/NAME`
/// @param set the cluster set to join; null: the default one
/// @param secret `NAMESPACE/NAME`; null: key and certificate lie in `dataDir`
/// @param portrait what else the cluster shows of itself on the hub
/// @param evictionGrace how long a work may be missing on the hub before its objects are removed;
///   null: they stay for ever
public record AgentOptions(
    String name,
    List<Path> bootstraps,
    @Nullable Path kubeconfig,
    @Nullable String context,
    @Nullable Path dataDir,
    Map<String, String> labels,
    @Nullable String set,
    @Nullable Duration certificateLifetime,
    @Nullable String secret,
    Portrait portrait,
    @Nullable Duration evictionGrace) {

  /// Reads a command line after the word `join`: `--option value` or `--option=value`.
  ///
  /// @throws AgentFault naming the word that is wrong or missing
  public static AgentOptions parse(List<String> words) {
    return new Words(words).options();
  }

  /// The settings of the agent.
  ///
  /// @param hub the first of its hubs
  /// @param home the user's folder of Nave
  /// @throws AgentFault when an option or the hub's kubeconfig cannot be used
  public AgentConfig config(Kubeconfig hub, Path home) {
    var folder = dataDir == null ? home.resolve(name) : dataDir;
    return new AgentConfig(
        new AgentSettings(
            name,
            null,
            AgentWiring.token(hub),
            folder.toAbsolutePath(),
            wishes(),
            Map.of(),
            portrait,
            certificateLifetime,
            secretKey()),
        evictionGrace);
  }

  /// The hubs, read.
  ///
  /// @throws AgentFault when there is no such file
  public List<Kubeconfig> hubs(Host host) {
    return bootstraps.stream().map(path -> Kubeconfig.read(file(host, path))).toList();
  }

  /// A connection to the agent's own cluster.
  ///
  /// @throws AgentFault when there is no such file, or no cluster around this process
  /// @throws Kubeconfig.Unusable when it cannot be used
  public Transport cluster(Host host) {
    var place = kubeconfig;
    if (place == null) {
      return HttpsTransport.fromKubeconfig(
          host, InCluster.kubeconfig(System.getenv()), InCluster.folder(), null);
    }
    var absolute = place.toAbsolutePath();
    var folder = absolute.getParent();
    return HttpsTransport.fromKubeconfig(
        host, file(host, absolute), folder == null ? absolute : folder, context);
  }

  private Map<String, String> wishes() {
    var all = new LinkedHashMap<>(labels);
    if (set != null) {
      all.put(ManagedCluster.SET_LABEL, set);
    }
    return all;
  }

  private @Nullable Key secretKey() {
    if (secret == null) {
      return null;
    }
    var parts = secret.split("/", -1);
    if (parts.length != 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
      throw new AgentFault("--credential-secret must be NAMESPACE/NAME, was " + secret);
    }
    return Key.of(parts[0], parts[1]);
  }

  private static String file(Host host, Path path) {
    return host.disk()
        .read(path)
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
        .orElseThrow(() -> new AgentFault("there is no file " + path));
  }

  /// The words of a command line, taken one after the other.
  private static final class Words {
    private final List<String> words;
    private int next;
    private final List<Path> bootstraps = new ArrayList<>();
    private final Map<String, String> labels = new LinkedHashMap<>();
    private final Map<String, String> annotations = new LinkedHashMap<>();
    private final List<String> urls = new ArrayList<>();
    private final List<String> suffixes = new ArrayList<>();
    private final Map<String, String> single = new LinkedHashMap<>();
    private boolean inCluster;

    Words(List<String> words) {
      this.words = words;
    }

    AgentOptions options() {
      while (next < words.size()) {
        take(words.get(next++));
      }
      if (inCluster == single.containsKey("--kubeconfig")) {
        throw new AgentFault("name the cluster: either --kubeconfig FILE or --in-cluster");
      }
      if (bootstraps.isEmpty()) {
        throw new AgentFault("name the hub: --bootstrap FILE");
      }
      return new AgentOptions(
          required("--name"),
          List.copyOf(bootstraps),
          path("--kubeconfig"),
          single.get("--context"),
          path("--data-dir"),
          labels,
          single.get("--cluster-set"),
          time("--certificate-lifetime"),
          single.get("--credential-secret"),
          portrait(),
          time("--eviction-grace"));
    }

    private void take(String word) {
      var equals = word.indexOf('=');
      var option = equals < 0 ? word : word.substring(0, equals);
      var value = equals < 0 ? null : word.substring(equals + 1);
      switch (option) {
        case "--in-cluster" -> inCluster = true;
        case "--bootstrap" -> bootstraps.add(Path.of(value(option, value)));
        case "--label" -> pair(option, value(option, value), labels);
        case "--cluster-annotation" -> pair(option, value(option, value), annotations);
        case "--cluster-url" -> urls.add(value(option, value));
        case "--reserved-claim-suffix" -> suffixes.add(value(option, value));
        case "--name",
            "--kubeconfig",
            "--context",
            "--data-dir",
            "--cluster-set",
            "--certificate-lifetime",
            "--eviction-grace",
            "--max-custom-claims",
            "--credential-secret" ->
            once(option, value(option, value));
        default -> throw new AgentFault("unknown option \"" + word + "\"; see: nave join --help");
      }
    }

    private String value(String option, @Nullable String inside) {
      if (inside != null) {
        return inside;
      }
      if (next >= words.size()) {
        throw new AgentFault(option + " needs a value; see: nave join --help");
      }
      return words.get(next++);
    }

    private void once(String option, String value) {
      if (single.putIfAbsent(option, value) != null) {
        throw new AgentFault(option + " may be given once");
      }
    }

    private static void pair(String option, String value, Map<String, String> into) {
      var equals = value.indexOf('=');
      if (equals < 1) {
        throw new AgentFault(option + " must be KEY=VALUE, was \"" + value + "\"");
      }
      into.put(value.substring(0, equals), value.substring(equals + 1));
    }

    private Portrait portrait() {
      var most = single.getOrDefault("--max-custom-claims", "" + Portrait.CLAIMS_MAX);
      try {
        return new Portrait(annotations, urls, Integer.parseInt(most), suffixes);
      } catch (NumberFormatException e) {
        throw new AgentFault("--max-custom-claims must be a number, was \"" + most + "\"");
      } catch (IllegalArgumentException e) {
        throw new AgentFault(String.valueOf(e.getMessage()));
      }
    }

    private String required(String option) {
      var value = single.get(option);
      if (value == null) {
        throw new AgentFault(option + " is missing; see: nave join --help");
      }
      return value;
    }

    private @Nullable Path path(String option) {
      var value = single.get(option);
      return value == null ? null : Path.of(value);
    }

    private @Nullable Duration time(String option) {
      var value = single.get(option);
      try {
        return value == null ? null : Lifetimes.parse(value);
      } catch (IllegalArgumentException e) {
        throw new AgentFault(option + ": " + e.getMessage());
      }
    }
  }
}
