/// What component, trait, policy and workflow step types mean. Definitions are data (DESIGN D10).
///
/// Start at [Catalog], which finds a type in the namespace of an application, then in
/// `vela-system`, then among what ships ([BuiltIns]); what it gives is [Definitions], and each of
/// those a [Definition]: it checks properties, renders objects and [Edit]s, names the [LivePath]s
/// its health reads, and judges health from their values. A [DefinitionEngine] makes definitions
/// from manifests; [NaveEngine] is the one for YAML + CEL, and another language is another engine
/// beside it. [DefinitionCheck] says what is wrong with a manifest.
///
/// The language: a definition is a manifest whose `spec.schematic.nave` holds
///
/// - `parameter`: an OpenAPI v3 schema; properties are checked and defaulted by it
/// - `refers`: the property that lists objects of the hub, which are then `context.referred`
/// - `let`: names for values that the templates share, each one `${expr}`, in order
/// - `output`, `outputs.<key>`: templates of the main object and of further ones; `outputs` may
///   also be a list of such objects
/// - `patch` (traits): a template laid over the main object ([Overlay]: lists of Kubernetes' own
///   kinds merge by their keys, `$patchKey/f` and `$patchStrategy/f` say otherwise, null deletes,
///   the last trait wins), or with `patchStrategy: jsonMergePatch | jsonPatch` applied as these say
/// - `podPatch` (traits): the same, over the pod template, wherever the object has it
///   ([PodTemplate])
/// - `patchOutputs.<key>` (traits): the same, over a further object
/// - `errs`: a template of a list of texts; when any is there, rendering fails with them
/// - `status.details.<name>`, `status.health`, `status.message`: CEL over `parameter` and the live
///   `context.output`, `context.outputs.<key>`; later ones read `context.status.details.<name>` and
///   `context.status.healthy`, and details that begin with `$` are only for them. Or
///   `status.perKind: true`: as `kinds.yaml` says for each object
///
/// Templates ([Template]) are YAML in which a text that is exactly `${expr}` stands for the value
/// of the CEL expression, and `a ${expr} b` for a text; `$${` is a plain `${`. Null and
/// `optional.none()` drop the field or element. An object with `includeWhen: ${cond}` is dropped
/// when that is false. An object with `forEach: ${list}`, `as`, `template` (and `index`, if wanted)
/// stands for one element each, spliced when it is itself in a list; with `key` it stands for an
/// object of such fields. A list that comes out empty is dropped.
///
/// Expressions read `parameter`, `context` (`name`, `appName`, `appNamespace`, `namespace`,
/// `cluster`, `clusterVersion`, `appRevision`, `appRevisionNum`, `revision` (a hash of the
/// component), `componentType`, `appLabels`, `appAnnotations`, what is rendered so far as `output`,
/// `outputs` and, for traits, `pod`, the pod template) and the names in scope. Beyond standard CEL
/// there are optionals, strings, `merge(map, map)`, `flatten(list)`, `distinctBy(list, "field")`,
/// `json(value)` and `condition(object, "Type")`, the status of a condition of a live object or "".
///
/// Bounds: an expression may cost 1,000,000 units, all of one rendering 10,000,000; one rendering
/// produces at most 50,000 values and 1 Mi characters.
///
/// The files of what ships may share parts: `$use: name` stands for a fragment ([Fragments]).
///
/// Everything is immutable and thread-safe; classes of CEL are loaded when something is first
/// rendered ([Expressions]).
@NullMarked
package io.nave.applications.definitions;

import org.jspecify.annotations.NullMarked;
