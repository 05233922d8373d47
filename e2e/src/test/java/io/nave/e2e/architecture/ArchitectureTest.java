package io.nave.e2e.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Holds what ARCHITECTURE.md says about the folders.
class ArchitectureTest {
  /// The product had about 400 classes when this was written; far fewer means that nothing was
  /// read.
  private static final int CLASSES_MIN = 300;

  private static final JavaClasses PRODUCT = House.product();

  @Test
  void everyModuleWasRead() {
    var found = new TreeMap<String, Integer>();
    PRODUCT.forEach(each -> found.merge(House.moduleOf(each), 1, Integer::sum));

    assertThat(PRODUCT.size()).isGreaterThan(CLASSES_MIN);
    assertThat(found.keySet()).containsExactlyInAnyOrderElementsOf(House.modules());
  }

  @Test
  void nothingOutsideRuntimeTouchesTheMachine() {
    var violations = new ArrayList<String>();
    for (var each : outsideRuntime()) {
      HostSeam.reaches(each)
          .forEach((reached, where) -> {
            if (!SeamExceptions.allows(topLevelName(each), reached)) {
              violations.add(reached + ": " + where);
            }
          });
    }

    assertThat(violations).as("use io.nave.runtime.Host instead").isEmpty();
  }

  @Test
  void everyExceptionFromTheSeamIsStillNeeded() {
    var unused = new ArrayList<>(SeamExceptions.all());
    for (var type : outsideRuntime()) {
      var reached = HostSeam.reaches(type).keySet();
      unused.removeIf(each ->
          each.className().equals(topLevelName(type))
              && reached.stream().anyMatch(one -> covers(each.reached(), one)));
    }

    assertThat(unused).as("remove these from SeamExceptions").isEmpty();
  }

  @Test
  void arrowsPointUpTheHouse() {
    var violations = new ArrayList<String>();
    for (var type : PRODUCT) {
      var module = House.moduleOf(type);
      type.getDirectDependenciesFromSelf().stream()
          .filter(each -> House.within(each.getTargetClass().getPackageName(), House.ROOT))
          .filter(each -> !House.allows(module, each.getTargetClass().getPackageName()))
          .forEach(each -> violations.add(module + ": " + each.getDescription()));
    }

    assertThat(violations).as("see the table in ARCHITECTURE.md and House").isEmpty();
  }

  @Test
  void noModuleMayUseOneBelowIt() {
    var above = new ArrayList<String>();
    for (var module : House.modules()) {
      for (var other : House.modules()) {
        if (!above.contains(other) && !other.equals(module)) {
          assertThat(House.allows(module, other)).as("%s uses %s", module, other).isFalse();
        }
      }
      above.add(module);
    }
  }

  /// CEL's own API hands out Guava's lists.
  private static final String[] CEL_USERS = {
    "io.nave.api.cel..", "io.nave.applications.definitions..", "io.nave.placement"
  };

  @ParameterizedTest(name = "{0} lives in {1} only")
  @CsvSource(
      delimiterString = " | ",
      textBlock =
          """
          org.bouncycastle..       | io.nave.certs..
          io.vertx..               | io.nave.apiserver.http.., io.nave.bench.wire..
          io.fabric8..             | io.nave.controllers..
          org.snakeyaml..          | io.nave.api..
          org.sqlite..             | io.nave.store..
          io.etcd..                | io.nave.store..
          dev.cel..                | io.nave.api.cel.., io.nave.applications.definitions.., io.nave.placement
          org.roaringbitmap..      | io.nave.placement.schedule..
                    picocli..                | io.nave.cli..
          me.tongfei..             | io.nave.cli..
          """)
  void aLibraryLivesInOnePlace(String library, String homes) {
    noClasses()
        .that(not(resideInAnyPackage(homes.split(", "))))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .check(PRODUCT);
    assertThat(PRODUCT.stream().anyMatch(each -> uses(each, library)))
        .as("%s is used at all", library)
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "com.fasterxml.jackson.core..",
        "com.fasterxml.jackson.databind..",
        "ch.qos.logback..",
        "io.netty..",
        "java.util.logging..",
        "lombok..",
        "sun..",
        "org.junit..",
        "org.assertj.."
      })
  void someLibrariesAreForNobody(String library) {
    noClasses()
        .that()
        .resideOutsideOfPackages(CEL_USERS)
        .and()
        .doNotHaveFullyQualifiedName("io.nave.store.JetcdLink") // TLS to etcd is set up by Netty's
        .and()
        .doNotHaveFullyQualifiedName("io.nave.apiserver.http.Tls") // a key kept as BoringSSL has it
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .check(PRODUCT);
  }

  @Test
  void manifestWorkIsOnlyTypesAndFunctions() {
    classes()
        .that()
        .resideInAPackage("io.nave.work..")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                "io.nave.work..",
                "io.nave.api..",
                "java..",
                "tools.jackson..",
                "com.fasterxml.jackson.annotation..",
                "org.jspecify.."))
        .check(PRODUCT);
  }

  @Test
  void schedulingIsAPureFunction() {
    classes()
        .that()
        .resideInAPackage("io.nave.placement.schedule..")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                "io.nave.placement.schedule..",
                "io.nave.placement.api..",
                "io.nave.registration.api..",
                "io.nave.api..",
                "java..",
                "tools.jackson..",
                "org.roaringbitmap..",
                "org.jspecify.."))
        .check(PRODUCT);
  }

  @Test
  void packagesFormNoCycle() {
    slices()
        .matching("io.nave.(**)")
        .namingSlices("package io.nave.$1")
        .should()
        .beFreeOfCycles()
        .check(PRODUCT);
  }

  @Test
  void everyPackageIsNullMarked() {
    var unmarked = new TreeSet<String>();
    for (var type : PRODUCT) {
      var info = type.getPackage().tryGetPackageInfo();
      if (info.isEmpty() || !info.get().isAnnotatedWith(NullMarked.class)) {
        unmarked.add(type.getPackageName());
      }
    }

    assertThat(unmarked).as("packages without @NullMarked in package-info.java").isEmpty();
  }

  @Test
  void publicClassesAreFinalOrMadeToBeExtended() {
    var open =
        PRODUCT.stream()
            .filter(each -> each.isTopLevelClass() && !each.isInterface())
            .filter(each -> each.getModifiers().contains(JavaModifier.PUBLIC))
            .filter(each -> !each.getModifiers().contains(JavaModifier.FINAL))
            .filter(each -> !each.getModifiers().contains(JavaModifier.ABSTRACT))
            .filter(each -> !each.isEnum() && !each.reflect().isSealed())
            .map(JavaClass::getName)
            .toList();

    assertThat(open).as("make these final").isEmpty();
  }

  private static List<JavaClass> outsideRuntime() {
    return PRODUCT.stream()
        .filter(each -> !House.within(each.getPackageName(), "io.nave.runtime"))
        .toList();
  }

  private static boolean covers(String allowed, String reached) {
    return allowed.endsWith(".") ? reached.startsWith(allowed) : reached.equals(allowed);
  }

  private static boolean uses(JavaClass type, String library) {
    var root = library.substring(0, library.length() - 2);
    return type.getDirectDependenciesFromSelf().stream()
        .anyMatch(each -> House.within(each.getTargetClass().getPackageName(), root));
  }

  private static String topLevelName(JavaClass type) {
    var name = type.getName();
    var nested = name.indexOf('$');
    return nested < 0 ? name : name.substring(0, nested);
  }
}
