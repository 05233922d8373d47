package io.nave.apiserver.kinds;

import java.util.List;

final class ConfigMapStrategy extends DataStrategy {
  @Override
  List<String> fields() {
    return List.of("data", "binaryData");
  }

  @Override
  boolean binary(String field) {
    return field.equals("binaryData");
  }
}
