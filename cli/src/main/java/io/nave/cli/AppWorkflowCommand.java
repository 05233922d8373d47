package io.nave.cli;

import io.nave.api.ApiObject;
import io.nave.api.Patch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What a person does to the workflow of an application: written into the annotation
/// `nave.io/workflow`, checked and stamped by the hub, carried out by its controller.
abstract class AppWorkflowCommand implements Runnable {
  static final String ASKED = "nave.io/workflow";

  @Mixin private AppOptions options = new AppOptions();

  @Parameters(paramLabel = "NAME", description = "The application.")
  private String name = "";

  @Option(names = "--step", paramLabel = "STEP", description = "Only this step.")
  private String step = "";

  @Option(
      names = {"-r", "--reason"},
      paramLabel = "WHY",
      description = "Why; it is recorded.")
  private String reason = "";

  /// The first word of the annotation.
  abstract String verb();

  /// What is told.
  abstract String told();

  @Override
  public void run() {
    options.use((host, client, config) -> {
      var application = options.application(client, name);
      WorkflowHand.obstacle(application, verb(), step)
          .ifPresent(why -> {
            throw new CommandFault(why);
          });
      client.patch(
          AppOptions.APPLICATION,
          application.key(),
          "",
          patch(application, text(verb(), step, reason)));
      System.out.println(
          "application/" + name + " " + told() + (step.isEmpty() ? "" : ": step " + step));
    });
  }

  /// As `approve prod: tested by QA`.
  static String text(String verb, String step, String reason) {
    return verb + (step.isEmpty() ? "" : " " + step) + (reason.isEmpty() ? "" : ": " + reason);
  }

  private static Patch patch(ApiObject application, String text) {
    return Patch.merge(body ->
        body.putObject("metadata")
            .put("uid", application.uid())
            .putObject("annotations")
            .put(ASKED, text));
  }

  @Command(
      name = "suspend",
      mixinStandardHelpOptions = true,
      description = "Hold the workflow where it is. What runs in clusters goes on running.")
  static final class Suspend extends AppWorkflowCommand {
    @Override
    String verb() {
      return "suspend";
    }

    @Override
    String told() {
      return "suspended";
    }
  }

  @Command(
      name = "resume",
      mixinStandardHelpOptions = true,
      description = "Let a suspended workflow go on.")
  static final class Resume extends AppWorkflowCommand {
    @Override
    String verb() {
      return "resume";
    }

    @Override
    String told() {
      return "resumed";
    }
  }

  @Command(
      name = "approve",
      mixinStandardHelpOptions = true,
      description = {
        "Let steps that wait for approval go on. Who approved, when and why is recorded.",
        "The same as: kubectl annotate application NAME 'nave.io/workflow=approve STEP: WHY'"
      })
  static final class Approve extends AppWorkflowCommand {
    @Override
    String verb() {
      return "approve";
    }

    @Override
    String told() {
      return "approved";
    }
  }

  @Command(
      name = "terminate",
      mixinStandardHelpOptions = true,
      description = "End the workflow. What runs in clusters goes on running.")
  static final class Terminate extends AppWorkflowCommand {
    @Override
    String verb() {
      return "terminate";
    }

    @Override
    String told() {
      return "terminated";
    }
  }

  @Command(
      name = "restart",
      mixinStandardHelpOptions = true,
      description = "Begin the workflow anew, or from a failed step on.")
  static final class Restart extends AppWorkflowCommand {
    @Override
    String verb() {
      return "restart";
    }

    @Override
    String told() {
      return "restarted";
    }
  }
}
