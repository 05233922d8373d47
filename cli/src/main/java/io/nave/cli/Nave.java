package io.nave.cli;

import io.nave.api.ApiError;
import io.nave.apiserver.http.ListenFailure;
import io.nave.certs.BadPem;
import io.nave.controllers.Kubeconfig;
import io.nave.runtime.Carriers;
import io.nave.runtime.Disk;
import io.nave.runtime.Transport;
import io.nave.store.StoreBroken;
import io.nave.store.StoreFull;
import io.nave.store.StoreUnreachable;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The program: its commands, and what a fault looks like.
@Command(
    name = "nave",
    mixinStandardHelpOptions = true,
    versionProvider = VersionCommand.Provider.class,
    description = "A multi-cluster hub: clusters join, work is placed, agents pull it.",
    footer = {
      "",
      "Try it: nave demo",
      "Environment: NAVE_KUBECONFIG (the hub's administrator kubeconfig), NAVE_LOG=DEBUG."
    })
public final class Nave implements Runnable {
  /// In the order of the help.
  private static final List<Class<?>> COMMANDS =
      List.of(
          DemoCommand.class,
          HubCommand.class,
          JoinCommand.class,
          AcceptCommand.class,
          DetachCommand.class,
          ImportCommand.class,
          AuthorityCommand.class,
          GetCommand.class,
          ExplainCommand.class,
          WhatIfCommand.class,
          WhyCommand.class,
          DiffCommand.class,
          AppCommand.class,
          DefCommand.class,
          RolloutCommand.class,
          AuditCommand.class,
          BackupCommand.class,
          RestoreCommand.class,
          RotateKeysCommand.class,
          PracticeCommand.class,
          BenchCommand.class,
          VersionCommand.class);

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  private Nave() {
    spec = CommandLine.Model.CommandSpec.create(); // replaced by picocli
  }

  public static void main(String[] args) {
    if (args.length > 0 && (args[0].equals("demo") || args[0].equals("bench"))) {
      quiet();
    }
    Carriers.shareCores();
    System.exit(run(args));
  }

  /// The demo tells its story itself: its parts' logs show only what NAVE_LOG asks for.
  private static void quiet() {
    if (System.getenv("NAVE_LOG") == null) {
      System.setProperty("NAVE_LOG", "ERROR");
      System.setProperty("NAVE_AUDIT", "OFF");
    }
  }

  /// Runs one command line.
  ///
  /// @return the exit code
  static int run(String... args) {
    return commands(args)
        .setExecutionExceptionHandler(Nave::explain)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .execute(args);
  }

  /// The command that is asked for; all of them when none is. Reading the annotations of all takes
  /// a tenth of a hub's start.
  private static CommandLine commands(String... args) {
    var line = new CommandLine(new Nave());
    for (var command : COMMANDS) {
      var name = command.getAnnotation(Command.class).name();
      if (args.length > 0 && args[0].equals(name)) {
        return new CommandLine(new Nave()).addSubcommand(command);
      }
      line.addSubcommand(command);
    }
    return line;
  }

  private static int explain(Exception fault, CommandLine line, CommandLine.ParseResult parsed) {
    line.getErr().println("nave: " + message(fault));
    if (!expected(fault)) {
      fault.printStackTrace(line.getErr());
    }
    return line.getCommand() instanceof AppDiffCommand ? AppDiffCommand.FAULT : 1;
  }

  private static String message(Throwable fault) {
    var text = fault.getMessage();
    return text == null ? fault.toString() : text;
  }

  /// Whether the message alone says enough; anything else is a fault of Nave's own.
  private static boolean expected(Exception fault) {
    return fault instanceof ApiError
        || fault instanceof Transport.Unreachable
        || fault instanceof Disk.DiskFailure
        || fault instanceof Kubeconfig.Unusable
        || fault instanceof ListenFailure
        || fault instanceof StoreFull
        || fault instanceof StoreUnreachable
        || fault instanceof StoreBroken
        || fault instanceof BadPem
        || fault instanceof ListenFailure
        || fault instanceof StoreBroken
        || fault instanceof CommandFault;
  }

  @Override
  public void run() {
    spec.commandLine().usage(System.out);
  }
}
