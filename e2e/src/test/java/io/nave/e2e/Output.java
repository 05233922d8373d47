package io.nave.e2e;

import static org.assertj.core.api.Assertions.assertThat;

/// What a program that ran to its end left behind.
///
/// @param command for failure texts
record Output(String command, int exit, String out, String err) {
  /// Standard output of a program that went well.
  String ok() {
    assertThat(exit).as("exit code of %s; it said: %s%s", command, out, err).isZero();
    return out;
  }

  /// Standard error of a program that failed in the expected way.
  String refused(int expectedExit) {
    assertThat(exit)
        .as("exit code of %s; it said: %s%s", command, out, err)
        .isEqualTo(expectedExit);
    return err;
  }
}
