package io.nave.cli;

import io.nave.api.Json;
import io.nave.runtime.Parts;
import io.nave.runtime.RealHost;
import io.nave.runtime.Stop;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `nave demo`: the main job, from nothing, in one process.
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "Show the main job on this machine: a hub, three practice clusters, the handshake, an",
      "application placed on two of them, and its move when one is cordoned."
    })
final class DemoCommand implements Callable<Integer> {
  @Option(
      names = "--once",
      description = "End when it is done: 0 only if everything became healthy and moved.")
  private boolean once;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "json: with --once, one JSON object on standard output at the end.")
  private String output = "";

  @Override
  public Integer call() {
    if (!output.isEmpty() && !(output.equals("json") && once)) {
      throw new CommandFault("-o takes json, and only together with --once");
    }
    var json = output.equals("json");
    var parts = new Parts();
    try (parts) {
      var host = parts.open(RealHost.start("demo"));
      var stop = parts.open(Stop.on(host));
      var terminal = new Terminal(host, json ? System.err : System.out);
      var demo = new Demo(host, parts, terminal);
      var result = demo.run();
      if (json) {
        System.out.println(Json.text(result));
      }
      if (!once) {
        demo.tellHowToLook();
        stop.await();
      }
      return result.good() ? 0 : 1;
    }
  }
}
