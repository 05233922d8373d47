package io.nave.bench.scale;

/// What was seen.
///
/// @param cpuShare of all cores, before the restart; 1 is the end of it
/// @param leaseP99 of answered renewals, in seconds
/// @param statusP99 from a change to its status stored, in seconds
/// @param pushAll until every cluster of a placement's change had it, the slowest change, in
///   seconds
/// @param refused share of requests that were turned away before the restart
/// @param conflated share of changes that were overtaken by a newer one before they were told
/// @param silent clusters whose lease had ended before the restart, though they were well
/// @param returned until all had a connection again, in seconds; infinite when they never had
/// @param silentAfter clusters whose lease had ended at the end
/// @param replicaBytes resident in each replica
record Outcome(
    double cpuShare,
    double leaseP99,
    double statusP99,
    double pushAll,
    double refused,
    double conflated,
    int silent,
    double returned,
    int silentAfter,
    double replicaBytes) {
  /// Whether a hub of this size does its work: everybody is heard, and comes back.
  boolean holds() {
    return silent == 0 && silentAfter == 0 && Double.isFinite(returned) && cpuShare < 1;
  }
}
