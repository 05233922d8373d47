package io.nave.bench.scale;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ObjDoubleConsumer;
import java.util.random.RandomGenerator;

/// `nave bench scale`: what a hub of any size would live through, from the costs given as sizes in
/// microseconds and bytes. With `regions`, a hub for each region and one above them, to which each
/// region is a cluster that tells a status a second at most.
public final class ScaleQuestion {
  private static final int SECOND_MICROS = 1_000_000;
  private static final int HOUR_SECONDS = 3_600;

  private final Map<String, Long> sizes;

  private ScaleQuestion(Map<String, Long> sizes) {
    this.sizes = sizes;
  }

  /// The sizes with their defaults: costs as measured on the machine of `docs/scale.md`.
  public static Map<String, Long> sizes() {
    var sizes = new LinkedHashMap<String, Long>();
    sizes.put("clusters", 100_000L);
    sizes.put("replicas", 1L);
    sizes.put("regions", 0L);
    sizes.put("cores", 2L);
    sizes.put("changesPerHour", 60L);
    sizes.put("pushed", 100L);
    sizes.put("seconds", 600L);
    sizes.put("connectMicros", 10_000L);
    sizes.put("leaseMicros", 900L);
    sizes.put("statusMicros", 1_500L);
    sizes.put("pushMicros", 1_500L);
    sizes.put("hearMicros", 100L);
    sizes.put("refuseMicros", 50L);
    sizes.put("restartMicros", 5_000_000L);
    sizes.put("processBytes", 165_000_000L);
    sizes.put("connectionBytes", 300_000L);
    sizes.put("clusterBytes", 63_000L);
    return sizes;
  }

  /// Answers it.
  ///
  /// @param figures told name and value of each figure
  /// @throws IllegalArgumentException naming a size that cannot be
  public static void answer(
      Map<String, Long> sizes, RandomGenerator random, ObjDoubleConsumer<String> figures) {
    new ScaleQuestion(sizes).answer(random, figures);
  }

  private void answer(RandomGenerator random, ObjDoubleConsumer<String> figures) {
    var clusters = number("clusters");
    var regions = number("regions");
    var changes = (double) number("changesPerHour");
    if (regions == 0) {
      tell(figures, "", ScaleModel.run(costs(), shape(clusters, changes), random));
      return;
    }
    var each = Math.ceilDiv(clusters, regions);
    tell(figures, "region", ScaleModel.run(costs(), shape(each, changes), random));
    var summed = Math.min(changes * each, HOUR_SECONDS);
    tell(figures, "root", ScaleModel.run(costs(), shape(regions, summed), random));
  }

  private static void tell(ObjDoubleConsumer<String> figures, String of, Outcome outcome) {
    var values = new LinkedHashMap<String, Double>();
    values.put("cpuShare", outcome.cpuShare());
    values.put("leaseP99Seconds", outcome.leaseP99());
    values.put("statusP99Seconds", outcome.statusP99());
    values.put("pushAllSeconds", outcome.pushAll());
    values.put("refusedShare", outcome.refused());
    values.put("conflatedShare", outcome.conflated());
    values.put("silentClusters", (double) outcome.silent());
    values.put("returnSeconds", Double.isFinite(outcome.returned()) ? outcome.returned() : -1);
    values.put("silentAfterReturnClusters", (double) outcome.silentAfter());
    values.put("residentBytes", outcome.replicaBytes());
    values.put("holds", outcome.holds() ? 1.0 : 0.0);
    values.forEach((name, value) -> figures.accept(of.isEmpty() ? name : of + upper(name), value));
  }

  private static String upper(String name) {
    return Character.toUpperCase(name.charAt(0)) + name.substring(1);
  }

  private Shape shape(int clusters, double changes) {
    return new Shape(
        clusters,
        number("replicas"),
        number("cores"),
        changes,
        number("pushed"),
        number("seconds"));
  }

  private Costs costs() {
    return new Costs(
        seconds("connectMicros"),
        seconds("leaseMicros"),
        seconds("statusMicros"),
        seconds("pushMicros"),
        seconds("hearMicros"),
        seconds("refuseMicros"),
        seconds("restartMicros"),
        value("processBytes"),
        value("connectionBytes"),
        value("clusterBytes"));
  }

  private double seconds(String name) {
    return (double) value(name) / SECOND_MICROS;
  }

  private int number(String name) {
    return Math.toIntExact(value(name));
  }

  private long value(String name) {
    return sizes.getOrDefault(name, 0L);
  }
}
