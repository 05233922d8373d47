package io.nave.api.cel;

import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelFunctionOverload;
import java.util.List;

/// Functions beside CEL's own: how they look, and what they do. Functions are pure, bounded by the
/// size of their arguments, and return fresh values.
///
/// @param declarations for the compiler
/// @param bindings for the run time, by overload id
public record CelLibrary(List<CelFunctionDecl> declarations, List<CelFunctionBinding> bindings) {
  /// One function that says yes or no to one value of any type: `test` yields a `Boolean`.
  public static CelLibrary ofTest(String name, CelFunctionOverload.Unary<Object> test) {
    var id = name + "_dyn";
    return new CelLibrary(
        List.of(
            CelFunctionDecl.newFunctionDeclaration(
                name, CelOverloadDecl.newGlobalOverload(id, SimpleType.BOOL, SimpleType.DYN))),
        List.of(CelFunctionBinding.from(id, Object.class, test)));
  }

  public CelLibrary {
    declarations = List.copyOf(declarations);
    bindings = List.copyOf(bindings);
  }
}
