/// What component, trait and policy types mean. Definitions are data (DESIGN D10).
///
/// Start at [Definitions], the types a hub knows; each is a [Definition]: it checks properties,
/// renders objects, names the [LivePath]s its health reads, and judges health from their values. A
/// [DefinitionEngine] makes definitions from manifests; [NaveEngine] is the one for YAML + CEL, and
/// another language is another engine beside it.
///
/// The language: a definition is a manifest whose `spec.schematic.nave` holds
///
/// - `parameter`: an OpenAPI v3 schema; properties are checked and defaulted by it
/// - `output`, `outputs.<key>`: templates of the main object and of further ones
/// - `patch` (traits): a template merged into the main object; lists of Kubernetes' own kinds merge
///   by their keys, null deletes
/// - `errs`: a template of a list of texts; when any is there, rendering fails with them
/// - `status.health`, `status.message`: CEL over `parameter` and the live `context.output`,
///   `context.outputs.<key>`; or `status.perKind: true`: as `kinds.yaml` says for each object
///
/// Templates ([Template]) are YAML in which a text that is exactly `${expr}` stands for the value
/// of the CEL expression, and `a ${expr} b` for a text; `$${` is a plain `${`. Null and
/// `optional.none()` drop the field or element. An object with `includeWhen: ${cond}` is dropped
/// when that is false. An object with `forEach: ${list}`, `as`, `template` (and `index`, if wanted)
/// stands for one element each, spliced when it is itself in a list; with `key` it stands for an
/// object of such fields. A list that comes out empty is dropped.
///
/// Expressions read `parameter`, `context` (`name`, `appName`, `namespace`, `cluster`,
/// `appRevision`, `appRevisionNum`, `componentType`, `appLabels`, `appAnnotations`, and what is
/// rendered so far as `output` and `outputs`) and the names in scope. Beyond standard CEL there are
/// optionals, strings, `merge(map, map)`, `distinctBy(list, "field")` and `condition(object,
/// "Type")`, the status of a condition of a live object or "".
///
/// Everything is immutable and thread-safe; classes of CEL are loaded when something is first
/// rendered ([Expressions]).
@NullMarked
package io.nave.applications.definitions;

import org.jspecify.annotations.NullMarked;
