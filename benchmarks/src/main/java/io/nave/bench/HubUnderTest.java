package io.nave.bench;

import io.nave.controllers.Kubeconfig;
import java.util.List;

/// The hub that is driven.
interface HubUnderTest extends AutoCloseable {
  /// How its administrator reaches it.
  Kubeconfig administrator();

  /// Its processes, to be measured; empty when they are not known.
  List<Long> pids();

  /// Bytes it holds on disk; 0 when that is not known.
  long diskBytes();

  /// From its start to its first answer; 0 when it ran before.
  double secondsToReady();

  /// Kills it without a word and starts it again on the same data and port; returns when it
  /// answers.
  ///
  /// @return seconds from the start to the first answer
  /// @throws Plan.Unusable for a hub that was not started here
  double killAndRestart();

  @Override
  void close();
}
