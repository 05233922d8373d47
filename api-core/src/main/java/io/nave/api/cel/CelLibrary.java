package io.nave.api.cel;

import dev.cel.common.CelFunctionDecl;
import dev.cel.runtime.CelFunctionBinding;
import java.util.List;

/// Functions beside CEL's own: how they look, and what they do. Functions are pure, bounded by the
/// size of their arguments, and return fresh values.
///
/// @param declarations for the compiler
/// @param bindings for the run time, by overload id
public record CelLibrary(List<CelFunctionDecl> declarations, List<CelFunctionBinding> bindings) {
  public CelLibrary {
    declarations = List.copyOf(declarations);
    bindings = List.copyOf(bindings);
  }
}
