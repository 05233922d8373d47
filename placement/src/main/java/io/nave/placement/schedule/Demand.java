package io.nave.placement.schedule;

/// What one replica needs of a cluster.
///
/// @param cpu in thousandths of a CPU
/// @param memory in bytes
record Demand(long cpu, long memory) {
  static final Demand NONE = new Demand(0, 0);

  boolean none() {
    return cpu == 0 && memory == 0;
  }

  /// How many fit into a cluster.
  ///
  /// @param clusterCpu what the cluster has; NaN when it does not say: then none fits that needs
  ///   CPU
  /// @param clusterMemory as well
  /// @param taken by others' replicas
  long fit(double clusterCpu, double clusterMemory, Demand taken) {
    var byCpu = cpu == 0 ? Long.MAX_VALUE : times(clusterCpu * 1000, taken.cpu, cpu);
    var byMemory = memory == 0 ? Long.MAX_VALUE : times(clusterMemory, taken.memory, memory);
    return Math.min(byCpu, byMemory);
  }

  private static long times(double has, long taken, long needs) {
    return Double.isNaN(has) ? 0 : Math.max(0, (Math.round(has) - taken) / needs);
  }
}
