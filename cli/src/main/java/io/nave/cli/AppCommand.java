package io.nave.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `nave app`: what an application team does. Every act is a Kubernetes verb on an object, so that
/// kubectl does the same; `--help` of each says which.
@Command(
    name = "app",
    mixinStandardHelpOptions = true,
    description = "Deliver applications, see how they are, and why.",
    subcommands = {
      AppUpCommand.class,
      AppStatusCommand.class,
      AppListCommand.class,
      AppDiffCommand.class,
      AppRenderCommand.class,
      AppWhyCommand.class,
      AppRevisionsCommand.class,
      AppRollbackCommand.class,
      AppWorkflowCommand.Suspend.class,
      AppWorkflowCommand.Resume.class,
      AppWorkflowCommand.Approve.class,
      AppWorkflowCommand.Terminate.class,
      AppWorkflowCommand.Restart.class,
      AppLogsCommand.class,
      AppDeleteCommand.class
    })
final class AppCommand implements Runnable {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "app what? up, status, list, diff, render, why, ...: nave app --help");
  }
}
