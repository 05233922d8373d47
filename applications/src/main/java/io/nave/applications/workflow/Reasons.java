package io.nave.applications.workflow;

import java.util.List;

/// Why a step stands where it stands; part of the contract (spec §11.4).
public final class Reasons {
  public static final String WAIT = "Wait";
  public static final String SKIP = "Skip";
  public static final String RENDERING = "Rendering";
  public static final String EXECUTE = "Execute";
  public static final String SUSPEND = "Suspend";
  public static final String TERMINATE = "Terminate";
  public static final String INPUT = "Input";
  public static final String OUTPUT = "Output";
  public static final String FAILED_AFTER_RETRIES = "FailedAfterRetries";
  public static final String TIMEOUT = "Timeout";
  public static final String ACTION = "Action";

  /// Of several failures of a group the first of these speaks for all.
  static final List<String> BY_STRENGTH =
      List.of(FAILED_AFTER_RETRIES, TIMEOUT, ACTION, TERMINATE, RENDERING, INPUT, OUTPUT);

  private Reasons() {}
}
