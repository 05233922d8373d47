package io.nave.e2e;

import java.nio.file.Path;

/// A running `nave practice`: a cluster to join where there is no real one.
final class PracticeProgram implements AutoCloseable {
  private final Program program;
  private final Path kubeconfig;

  private PracticeProgram(Program program, Path kubeconfig) {
    this.program = program;
    this.kubeconfig = kubeconfig;
  }

  /// Starts it; it serves when this returns.
  static PracticeProgram start(NaveProgram nave, Path folder, String name) {
    var kubeconfig = folder.resolve(name + ".kubeconfig");
    var program =
        nave.start(
            "practice-" + name,
            "practice",
            "--name",
            name,
            "--kubeconfig-out",
            kubeconfig.toString());
    program.awaitLine("practice cluster " + name + " ready at ");
    return new PracticeProgram(program, kubeconfig);
  }

  /// Its administrator's.
  Path kubeconfig() {
    return kubeconfig;
  }

  @Override
  public void close() {
    program.close();
  }
}
