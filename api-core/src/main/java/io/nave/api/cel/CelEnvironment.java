package io.nave.api.cel;

import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import java.util.Collection;

/// What an expression can name: variables and functions. Standard CEL with its macros, optionals
/// and the string extension; more comes with a [CelLibrary].
///
/// Making one costs some milliseconds, compiling about one: keep environments and programs.
public final class CelEnvironment {
  /// Longest expression, in code points.
  private static final int SOURCE_MAX = 4_000;

  /// Most rounds of all loops of one evaluation together. Each round costs budget too; this is the
  /// bound that holds when the loop's body is nearly free.
  private static final int ITERATIONS_MAX = 200_000;

  /// Deepest nesting of an expression.
  private static final int DEPTH_MAX = 50;

  private static final CelOptions OPTIONS =
      CelOptions.current()
          .maxExpressionCodePointSize(SOURCE_MAX)
          .maxParseRecursionDepth(DEPTH_MAX)
          .comprehensionMaxIterations(ITERATIONS_MAX)
          .enableHeterogeneousNumericComparisons(true)
          .build();

  private static final CelEnvironment STANDARD =
      new CelEnvironment(
          CelCompilerFactory.standardCelCompilerBuilder()
              .setOptions(OPTIONS)
              .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
              .addLibraries(CelExtensions.optional(), CelExtensions.strings())
              .build(),
          CelRuntimeFactory.plannerRuntimeBuilder()
              .setOptions(OPTIONS)
              .addLibraries(CelExtensions.optional(), CelExtensions.strings())
              .build());

  private final CelCompiler compiler;
  private final CelRuntime runtime;

  private CelEnvironment(CelCompiler compiler, CelRuntime runtime) {
    this.compiler = compiler;
    this.runtime = runtime;
  }

  /// Without any variable.
  public static CelEnvironment standard() {
    return STANDARD;
  }

  /// This one with further variables, whose values may be of any type.
  public CelEnvironment with(Collection<String> variables) {
    if (variables.isEmpty()) {
      return this;
    }
    var builder = compiler.toCompilerBuilder();
    variables.forEach(name -> builder.addVar(name, SimpleType.DYN));
    return new CelEnvironment(builder.build(), runtime);
  }

  /// This one with a further variable of a type, which the compiler then checks.
  public CelEnvironment with(String variable, CelType type) {
    return new CelEnvironment(compiler.toCompilerBuilder().addVar(variable, type).build(), runtime);
  }

  /// This one with types that have fields, for variables that name them: see [TypedScope].
  CelEnvironment with(CelTypeProvider types) {
    return new CelEnvironment(compiler.toCompilerBuilder().setTypeProvider(types).build(), runtime);
  }

  /// This one with further functions.
  public CelEnvironment with(CelLibrary library) {
    return new CelEnvironment(
        compiler.toCompilerBuilder().addFunctionDeclarations(library.declarations()).build(),
        runtime.toRuntimeBuilder().addFunctionBindings(library.bindings()).build());
  }

  /// What the compiler finds wrong with an expression, each with its place and a picture of it, as
  /// CEL shows it; empty when nothing is.
  public String faults(String source) {
    try {
      compiler.compile(source).getAst();
      return "";
    } catch (CelValidationException e) {
      return String.valueOf(e.getMessage()).strip();
    }
  }

  /// Compiles one expression.
  ///
  /// @throws BadExpression when it is none, or names what is not in scope
  public CelProgram compile(String source) {
    try {
      var ast = compiler.compile(source).getAst();
      return new CelProgram(source, ast, runtime.createProgram(ast));
    } catch (CelValidationException e) {
      var errors = e.getErrors();
      throw new BadExpression(
          errors.isEmpty() ? String.valueOf(e.getMessage()) : errors.getFirst().getMessage());
    } catch (CelEvaluationException e) {
      throw new BadExpression(String.valueOf(e.getMessage()));
    }
  }
}
