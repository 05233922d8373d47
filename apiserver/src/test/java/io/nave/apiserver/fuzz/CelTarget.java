package io.nave.apiserver.fuzz;

import io.nave.api.Json;
import io.nave.api.cel.BadExpression;
import io.nave.api.cel.CelBudget;
import io.nave.api.cel.CelEnvironment;
import io.nave.api.cel.CelFault;
import io.nave.api.cel.CelProgram;
import io.nave.api.cel.CelValues;
import io.nave.api.cel.KubernetesCel;
import java.util.List;
import java.util.Map;

/// CEL as rules of definitions and policies have it: refused, or a program that ends within its
/// budget, in a value or a fault.
final class CelTarget implements FuzzTarget {
  private static final CelEnvironment SCOPE =
      KubernetesCel.environment().with(List.of("self", "oldSelf"));

  private static final Map<String, Object> VALUES =
      Map.of(
          "self",
          CelValues.toCel(
              Json.parse(
                  """
                  {"name":"web","size":3,"ratio":0.5,"on":true,"none":null,
                   "labels":{"app":"web"},"list":[1,2,3],"words":["a","b","10.0.0.1","1Gi"],
                   "items":[{"name":"x","size":1},{"name":"y","size":2}]}
                  """)),
          "oldSelf",
          CelValues.toCel(Json.parse("{\"name\":\"web\",\"size\":2}")));

  /// Small, so that what is dear is stopped where no input can hide behind time.
  private static final long UNITS = 100_000;

  @Override
  public void feed(byte[] input) {
    CelProgram program;
    try {
      program = SCOPE.compile(FuzzTarget.text(input));
    } catch (BadExpression e) {
      return;
    }
    try {
      CelValues.toJson(program.value(VALUES, CelBudget.of(UNITS)));
    } catch (CelFault e) {
      return;
    } catch (IllegalArgumentException e) {
      return; // a value that JSON does not have
    }
  }
}
