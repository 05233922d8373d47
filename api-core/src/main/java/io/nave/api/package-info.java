/// What an object is, for the server, the controllers and the clients alike.
///
/// Start at [ApiObject]: any object, as immutable JSON with its encoded bytes. [ResourceType] names
/// a kind and its place in the API; [Key] names one object of it. Kinds that Nave's own code works
/// with are records that implement [Resource] and travel through [Codec]. Then [Selection] and
/// [LabelSelector] (which objects), [Patch] (how they change), [ApiError] (what can go wrong, as
/// Kubernetes says it), [Json] and [Yaml] (text forms), [JsonPaths] (kubectl's paths),
/// `io.nave.api.patch` (applying patches), `io.nave.api.schema` (what a kind may hold) and
/// `io.nave.api.cel` (expressions over objects).
///
/// Everything here is immutable or stateless, does no I/O and may be used from any task.
@NullMarked
package io.nave.api;

import org.jspecify.annotations.NullMarked;
