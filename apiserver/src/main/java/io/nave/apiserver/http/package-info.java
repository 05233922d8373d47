/// The API over HTTP: from the bytes of a request to the bytes of its answer.
///
/// Start at [FrontDoor]: it admits, authenticates and routes each request, whatever carries it;
/// [HttpsServer] carries it over TLS, the simulated network without. In reading order: [Target]
/// (what a path names), [Verb] and [Query] (what is asked), [Media] (in which form), [Reads] and
/// [Writes] (the verbs), [Forms] (how objects are written), [Tables], [Listing] and [WatchFrames]
/// (the larger answers), [Discovery], [AggregatedDiscovery], [OpenApi] and [Health] (the documents
/// beside the resources), [ApiMetrics], [RequestLog] with [AuditIds], [AuditDecisions] and
/// [AuditBodies].
///
/// The rule all share: an object's bytes are never encoded again; lists and watches copy them. Only
/// [HttpsServer] and its parts know Vert.x: [Tls], [Connection], [Exchange] (one request) and
/// [Outflow] (a streamed body at the client's pace).
@NullMarked
package io.nave.apiserver.http;

import org.jspecify.annotations.NullMarked;
