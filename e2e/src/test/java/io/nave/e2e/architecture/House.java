package io.nave.e2e.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The modules of ARCHITECTURE.md and which of the others each may use. `testkit` and `e2e` are no
/// part of the product and stand outside.
final class House {
  static final String ROOT = "io.nave";

  /// A module's package, then the packages it may use. A line may name only what stands above it.
  private static final Map<String, Set<String>> ARROWS = arrows();

  private House() {}

  /// The package of every module, in house order.
  static List<String> modules() {
    return List.copyOf(ARROWS.keySet());
  }

  /// Whether code of `module` may use code of the package `used`.
  static boolean allows(String module, String used) {
    return within(used, module)
        || ARROWS.getOrDefault(module, Set.of()).stream().anyMatch(each -> within(used, each));
  }

  /// The module a class belongs to.
  ///
  /// @throws IllegalArgumentException for a class of no module of the house
  static String moduleOf(JavaClass type) {
    return modules().stream()
        .filter(module -> within(type.getPackageName(), module))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                type.getName() + " is in no module of the house; add its package to House"));
  }

  /// All classes of the product on the class path.
  static JavaClasses product() {
    return Imported.CLASSES;
  }

  static boolean within(String name, String root) {
    return name.equals(root) || name.startsWith(root + ".");
  }

  private static Map<String, Set<String>> arrows() {
    var base = List.of("io.nave.api", "io.nave.runtime");
    var control = List.of("io.nave.api", "io.nave.runtime", "io.nave.controllers");
    var arrows = new LinkedHashMap<String, Set<String>>();
    arrows.put("io.nave.api", Set.of());
    arrows.put("io.nave.runtime", Set.of());
    arrows.put("io.nave.store", Set.copyOf(base));
    arrows.put("io.nave.controllers", Set.copyOf(base));
    arrows.put("io.nave.certs", Set.of("io.nave.runtime"));
    arrows.put("io.nave.apiserver", and(control, "io.nave.store", "io.nave.certs"));
    // Features meet through objects: of another feature they know the kinds and nothing else.
    arrows.put("io.nave.registration", and(control, "io.nave.certs"));
    arrows.put("io.nave.placement", and(control, "io.nave.registration.api"));
    arrows.put("io.nave.work", Set.of("io.nave.api"));
    arrows.put(
        "io.nave.workhub",
        and(control, "io.nave.registration.api", "io.nave.placement.api", "io.nave.work"));
    arrows.put(
        "io.nave.applications",
        and(control, "io.nave.registration.api", "io.nave.placement.api", "io.nave.work"));
    // These wire.
    arrows.put(
        "io.nave.hub",
        and(
            control,
            "io.nave.store",
            "io.nave.certs",
            "io.nave.apiserver",
            "io.nave.registration",
            "io.nave.placement",
            "io.nave.work",
            "io.nave.workhub",
            "io.nave.applications"));
    arrows.put(
        "io.nave.agent", and(control, "io.nave.certs", "io.nave.registration", "io.nave.work"));
    arrows.put(
        "io.nave.practice",
        and(control, "io.nave.store", "io.nave.certs", "io.nave.apiserver", "io.nave.work"));
    // Drives hubs over the wire and knows nothing of ours.
    arrows.put("io.nave.bench", and(control, "io.nave.certs"));
    arrows.put(
        "io.nave.cli",
        and(
            control,
            "io.nave.store",
            "io.nave.certs",
            "io.nave.apiserver.audit",
            "io.nave.apiserver.http",
            "io.nave.apiserver.oidc",
            "io.nave.registration",
            "io.nave.placement.api",
            "io.nave.work",
            "io.nave.applications",
            "io.nave.hub",
            "io.nave.agent",
            "io.nave.practice",
            "io.nave.bench"));
    // Wires the whole system too, on one simulated machine each.
    arrows.put(
        "io.nave.simulation",
        and(
            control,
            "io.nave.store",
            "io.nave.certs",
            "io.nave.apiserver",
            "io.nave.registration",
            "io.nave.placement",
            "io.nave.work",
            "io.nave.applications",
            "io.nave.hub",
            "io.nave.agent",
            "io.nave.practice"));
    return arrows;
  }

  private static Set<String> and(List<String> some, String... more) {
    var all = new ArrayList<>(some);
    all.addAll(List.of(more));
    return Set.copyOf(all);
  }

  /// Read once for all tests.
  private static final class Imported {
    static final JavaClasses CLASSES =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(place -> !place.contains("/testkit"))
            .importPackages(ROOT);
  }
}
