package io.nave.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `nave app diff`: what each cluster would get that it does not have.
@Command(
    name = "diff",
    mixinStandardHelpOptions = true,
    description = {
      "Say for each cluster what would change if the file were applied. The hub works it out with",
      "the code that delivers: kubectl create -f - with an ApplicationPreview asks the same."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0: nothing would change",
      "1: something would",
      "2: it could not be found out"
    })
final class AppDiffCommand implements Callable<Integer> {
  /// What is told when it could not be found out.
  static final int FAULT = 2;

  @Mixin private AppOptions options = new AppOptions();

  @Option(
      names = {"-f", "--file"},
      required = true,
      paramLabel = "FILE",
      description = "The application, in YAML or JSON.")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "json or yaml. Default: text.")
  private AppOptions.Output output = AppOptions.Output.TEXT;

  @Option(names = "--brief", description = "Name the objects only.")
  private boolean brief;

  private int exit;

  @Override
  public Integer call() {
    options.use((host, client, config) -> {
      var preview = Previews.ask(client, options.onlyApplication(host, files));
      if (!AppOptions.printed(output, preview.status())) {
        PreviewText.lines(preview, !brief).forEach(System.out::println);
      }
      exit = preview.status().has("refusal") ? FAULT : PreviewText.changes(preview) ? 1 : 0;
    });
    return exit;
  }
}
