package io.nave.api.cel;

import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.CelType;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelFunctionOverload;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Collects functions for a [CelLibrary]. Overloads of one name that are added here are told apart
/// by the values at run time too. Used by one task.
final class Functions {
  /// A type as the compiler sees it, and the class of its values.
  record Type<T>(CelType type, Class<T> values) {}

  private final Map<String, List<CelOverloadDecl>> declared = new LinkedHashMap<>();
  private final Map<String, List<CelFunctionBinding>> bound = new LinkedHashMap<>();

  /// `self.name()`.
  <T> Functions method(
      String name, CelType result, Type<T> self, CelFunctionOverload.Unary<T> function) {
    var id = id(name, self);
    return add(
        name,
        CelOverloadDecl.newMemberOverload(id, result, self.type()),
        CelFunctionBinding.from(id, self.values(), function));
  }

  /// `self.name(other)`.
  <T, U> Functions method(
      String name,
      CelType result,
      Type<T> self,
      Type<U> other,
      CelFunctionOverload.Binary<T, U> function) {
    var id = id(name, self) + "_" + other.type().name();
    return add(
        name,
        CelOverloadDecl.newMemberOverload(id, result, self.type(), other.type()),
        CelFunctionBinding.from(id, self.values(), other.values(), function));
  }

  /// `self.name(second, third)`.
  ///
  /// @param function is given the three values, of the classes that the types say
  Functions method(
      String name,
      CelType result,
      Type<?> self,
      Type<?> second,
      Type<?> third,
      CelFunctionOverload function) {
    var id = id(name, self) + "_" + second.type().name() + "_" + third.type().name();
    return add(
        name,
        CelOverloadDecl.newMemberOverload(id, result, self.type(), second.type(), third.type()),
        CelFunctionBinding.from(
            id, List.of(self.values(), second.values(), third.values()), function));
  }

  /// `name()`, always the same.
  Functions constant(String name, Type<?> result, CelFunctionOverload function) {
    var id = id(name, result);
    return add(
        name,
        CelOverloadDecl.newGlobalOverload(id, result.type()),
        CelFunctionBinding.from(id, List.of(), function));
  }

  /// `name(value)`.
  <T> Functions function(
      String name, CelType result, Type<T> value, CelFunctionOverload.Unary<T> function) {
    var id = id(name, value);
    return add(
        name,
        CelOverloadDecl.newGlobalOverload(id, result, value.type()),
        CelFunctionBinding.from(id, value.values(), function));
  }

  /// `name(value, other)`.
  <T, U> Functions function(
      String name,
      CelType result,
      Type<T> value,
      Type<U> other,
      CelFunctionOverload.Binary<T, U> function) {
    var id = id(name, value) + "_" + other.type().name();
    return add(
        name,
        CelOverloadDecl.newGlobalOverload(id, result, value.type(), other.type()),
        CelFunctionBinding.from(id, value.values(), other.values(), function));
  }

  private static String id(String name, Type<?> first) {
    return "nave_" + first.type().name().replace('.', '_') + "_" + name.replace('.', '_');
  }

  private Functions add(String name, CelOverloadDecl declaration, CelFunctionBinding binding) {
    declared.computeIfAbsent(name, _ -> new ArrayList<>()).add(declaration);
    bound.computeIfAbsent(name, _ -> new ArrayList<>()).add(binding);
    return this;
  }

  CelLibrary library() {
    var declarations = new ArrayList<CelFunctionDecl>();
    var bindings = new ArrayList<CelFunctionBinding>();
    declared.forEach((name, overloads) ->
        declarations.add(
            CelFunctionDecl.newBuilder().setName(name).addOverloads(overloads).build()));
    bound.forEach((name, overloads) -> {
      if (overloads.size() == 1) {
        bindings.addAll(overloads);
      } else {
        bindings.addAll(CelFunctionBinding.fromOverloads(name, overloads));
      }
    });
    return new CelLibrary(declarations, bindings);
  }
}
