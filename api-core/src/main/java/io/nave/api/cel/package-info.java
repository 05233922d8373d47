/// The one home of CEL (Common Expression Language), for definitions, validation rules of kinds,
/// admission policies, cluster selectors and condition rules alike.
///
/// Start at [CelEnvironment]: what names and functions are in scope. It compiles a source to a
/// [CelProgram], which is evaluated within a [CelBudget]; [CelValues] stands between JSON and CEL.
/// [BadExpression] is the author's fault, found when compiling; [CelFault] is a failure on these
/// values, [CelFault.OverBudget] when it would have cost too much. [CelLibrary] adds functions;
/// [KubernetesCel] has those of Kubernetes, on `Functions` and `IpAddress`; [AuthorizerCel] those
/// that ask who may what. [TypedScope] gives variables the types of a kind's objects
/// (`SchemaTypes`), for who checks expressions about them.
///
/// Every evaluation is bounded by what it does, not by time, so that the same expression on the
/// same values ends the same way on every machine and in simulation: see [CelBudget].
///
/// Loading CEL takes about 400 ms and some 20 MB. Nothing that every hub or agent start passes
/// through may name a class of this package: name it where the first expression is compiled.
/// Everything but [CelBudget] is immutable and thread-safe.
@NullMarked
package io.nave.api.cel;

import org.jspecify.annotations.NullMarked;
