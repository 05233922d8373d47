package io.nave.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `nave get`: what the hub gives out.
@Command(
    name = "get",
    mixinStandardHelpOptions = true,
    description = "Get something from the hub.",
    subcommands = TokenCommand.class)
final class GetCommand implements Runnable {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "get what? token");
  }
}
