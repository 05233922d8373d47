/// Who owns which field of an object, and server-side apply.
///
/// Start at [Ownership]: what a write does to the owners ([Ownership#update]) and what an apply
/// does to the object ([Ownership#apply]). The owners are [ManagedFields], one [FieldSet] for each
/// [Manager]; `metadata.managedFields` is their written form. Below them stand the four walks over
/// JSON that the fields of a [io.nave.api.schema.Shape] need: `FieldSets` (which fields are there),
/// `Difference` (which changed), `Merge` (one object into another) and `Removal` (fields taken
/// out).
///
/// The behaviour is that of Kubernetes' structured-merge-diff library and of the field manager in
/// its API server; the form of the sets is `FieldsV1`. Everything here is pure: no clock, no state.
@NullMarked
package io.nave.api.apply;

import org.jspecify.annotations.NullMarked;
