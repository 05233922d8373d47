package io.nave.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;

/// A hub process for all tests of a class, its administrator's `kubectl`, and a namespace for each
/// test, called as the test is.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class KubectlOnHub {
  final Path folder = Folders.fresh(getClass());
  HubProgram hub;
  Kubectl kubectl;
  String namespace = "";

  @BeforeAll
  void startHub() {
    hub = HubProgram.start(folder);
    kubectl = new Kubectl(folder, hub.administrator());
  }

  @AfterAll
  void stopHub() {
    hub.close();
  }

  @BeforeEach
  void makeNamespace(TestInfo test) {
    var name = test.getTestMethod().orElseThrow().getName().toLowerCase(Locale.ROOT);
    namespace = name.substring(0, Math.min(name.length(), 63));
    assertThat(kubectl.ok("create", "namespace", namespace))
        .isEqualTo("namespace/" + namespace + " created\n");
  }
}
