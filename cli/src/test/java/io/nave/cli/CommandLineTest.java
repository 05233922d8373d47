package io.nave.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nave.agent.program.AgentFault;
import io.nave.agent.program.AgentOptions;
import io.nave.agent.program.InCluster;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

class CommandLineTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hub",
        "join",
        "accept",
        "get",
        "get token",
        "explain placement",
        "what-if",
        "what-if placement",
        "what-if cluster",
        "practice",
        "demo",
        "bench",
        "version"
      })
  void everyCommandExplainsItself(String command) {
    var run = run((command + " --help").strip().split(" "));

    assertThat(run.exit()).isZero();
    assertThat(run.out()).startsWith("Usage: nave").contains(command);
  }

  @Test
  void theVersionNamesProductAndJava() {
    assertThat(run("version").out()).matches("nave \\d+\\.\\d+\\.\\d+\\S*, Java 25\\S*\\R");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "frobnicate | Unmatched argument at index 0: 'frobnicate'",
        "join | Missing required options",
        "accept | Missing required parameter: 'NAME'",
        "get token --ttl 1fortnight | expected a time such as 30m, 1h or 7d",
        "get | get what? token",
        "what-if | what if what? placement NAME --drain CLUSTER",
        "join --name e --bootstrap b --kubeconfig k --in-cluster | mutually exclusive",
      })
  void wrongWordsEndWithTwo(String line, String message) {
    var run = run(line.split(" "));

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).contains(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hub --listen 6443 | expected HOST:PORT such as 127.0.0.1:6443, was \"6443\"",
        "hub --listen localhost:99999 | expected HOST:PORT",
        "demo -o json | only together with --once",
        "accept east --kubeconfig /nowhere/at/all | there is no file /nowhere/at/all",
      })
  void faultsAreOneLineAndEndWithOne(String line, String message) {
    var run = run(line.split(" "));

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err()).startsWith("nave: ").contains(message).doesNotContain("\tat ");
  }

  @Test
  void aKubeconfigThatIsNoneIsRefusedByName(@TempDir Path folder) throws Exception {
    var file = folder.resolve("kubeconfig");
    Files.writeString(file, "just text");

    var run = run("accept", "east", "--kubeconfig", file.toString());

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err()).startsWith("nave: kubeconfig: ");
  }

  @ParameterizedTest
  @CsvSource({"90s, PT1M30S", "30m, PT30M", "1h, PT1H", "7d, PT168H"})
  void lifetimesAreReadAsKubernetesToolsWriteThem(String text, String duration) {
    assertThat(new Lifetime().convert(text)).isEqualTo(Duration.parse(duration));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "h", "1", "-1h", "0m", "366d", "99999999999999d", "1 h"})
  void otherLifetimesAreRefused(String text) {
    assertThatThrownBy(() -> new Lifetime().convert(text))
        .isInstanceOf(TypeConversionException.class);
  }

  @Test
  void addressesMayBeIpv6() {
    assertThat(ListenAddress.parse("[::1]:6443")).isEqualTo(new ListenAddress("::1", 6443));
  }

  @Test
  void aPodsOwnClusterIsFoundByEnvironmentAndFiles() {
    var text =
        InCluster.kubeconfig(
            Map.of("KUBERNETES_SERVICE_HOST", "fd00::1", "KUBERNETES_SERVICE_PORT", "443"));

    assertThat(text)
        .contains("server: https://[fd00::1]:443")
        .contains("tokenFile: /var/run/secrets/kubernetes.io/serviceaccount/token");
    assertThatThrownBy(() -> InCluster.kubeconfig(Map.of()))
        .isInstanceOf(AgentFault.class)
        .hasMessageContaining("runs in no cluster");
  }

  @Test
  void theAgentsOwnProgramTakesTheSameWordsAsJoin() {
    var line =
        "--name east --bootstrap a --bootstrap b --kubeconfig=k --context c --data-dir d --label x=1"
            + " --label y=2=3 --cluster-set s --certificate-lifetime 2h --credential-secret n/m"
            + " --cluster-annotation agent.open-cluster-management.io/a=b --cluster-url https://e:6443"
            + " --max-custom-claims 3 --reserved-claim-suffix .acme.io --eviction-grace 1h";

    assertThat(AgentOptions.parse(List.of(line.split(" ")))).isEqualTo(join(line));
    var pod = "--name=east --bootstrap=a --in-cluster";
    assertThat(AgentOptions.parse(List.of(pod.split(" ")))).isEqualTo(join(pod));
  }

  private static AgentOptions join(String line) {
    var command = new JoinCommand();
    new CommandLine(command).parseArgs(line.split(" "));
    return command.options();
  }

  /// What the agent's own program leaves to the whole one; `deploy/launch.sh` knows the same words.
  private static final Set<String> OF_THE_WHOLE_PROGRAM =
      Set.of("--help", "--version", "--status", "--listen");

  @Test
  void noWordOfJoinIsUnknownToTheAgentsOwnProgram() {
    for (var option : new CommandLine(new JoinCommand()).getCommandSpec().options()) {
      var name = option.longestName();
      if (!OF_THE_WHOLE_PROGRAM.contains(name)) {
        var words = option.arity().max() == 0 ? List.of(name) : List.of(name, "x=1");
        assertThatThrownBy(() -> AgentOptions.parse(words))
            .as(name)
            .hasMessageNotContaining("unknown option");
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--name e --bootstrap b | either --kubeconfig FILE or --in-cluster",
        "--name e --bootstrap b --kubeconfig k --in-cluster | either --kubeconfig FILE or --in-cluster",
        "--name e --in-cluster | name the hub: --bootstrap FILE",
        "--bootstrap b --in-cluster | --name is missing",
        "--name | --name needs a value",
        "--name e --name f | --name may be given once",
        "--label x | --label must be KEY=VALUE",
        "--cluster-annotation x | --cluster-annotation must be KEY=VALUE",
        "--name e --bootstrap b --in-cluster --cluster-annotation a=b | must begin with agent.open-cluster-management.io/",
        "--name e --bootstrap b --in-cluster --cluster-url http://e | must be a valid https URL",
        "--name e --bootstrap b --in-cluster --max-custom-claims x | --max-custom-claims must be a number",
        "--frob | unknown option \"--frob\"",
        "--name e --bootstrap b --in-cluster --certificate-lifetime 1y | expected a time such as 30m",
        "--name e --bootstrap b --in-cluster --eviction-grace never | --eviction-grace: expected a time such as 30m",
      })
  void theAgentsOwnProgramSaysWhatIsWrong(String line, String message) {
    assertThatThrownBy(() -> AgentOptions.parse(List.of(line.split(" "))))
        .isInstanceOf(AgentFault.class)
        .hasMessageContaining(message);
  }

  private record Run(int exit, String out, String err) {}

  private static Run run(String... words) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var oldOut = System.out;
    var oldErr = System.err;
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try {
      var exit = Nave.run(words);
      return new Run(
          exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(oldOut);
      System.setErr(oldErr);
    }
  }
}
