/// How a [io.nave.api.Patch] changes an object.
///
/// Start at [Patches#apply], which chooses by the patch's form: [MergePatch] (RFC 7396),
/// [JsonPatch] (RFC 6902) or [StrategicPatch] (Kubernetes' own, for built-in kinds, whose list keys
/// stand in [MergeKeys]). Each works on a private copy and never changes what it was given; what
/// they refuse is an [io.nave.api.ApiError] that names the place in the patch.
@NullMarked
package io.nave.api.patch;

import org.jspecify.annotations.NullMarked;
