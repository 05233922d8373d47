/// Request bodies in protobuf, which generated clients of client-go send for built-in kinds.
///
/// Start at [ProtobufBody]: it opens the frame and answers with the same JSON that the client would
/// have sent. [MessageTypes] knows which message a kind is, [MessageReader] reads it off the wire,
/// [FieldRules] and [Folding] hold where Kubernetes' JSON differs from its messages. Answers are
/// never protobuf: a client that asks for it takes JSON as well.
///
/// ## Why a library, and how it is used
///
/// Field numbers come from the descriptors in `io.kubernetes:client-java-proto` (13.3 MB, on
/// protobuf-java's 1.8 MB), not from tables kept here: they cover every built-in kind and follow
/// Kubernetes' releases. Its generated message classes are not used; one reader over the
/// descriptors serves all kinds. The library is loaded with the first protobuf body (about 0.2 s,
/// once), never at start.
///
/// ## What the wire does not tell
///
/// Go writes every field that is no pointer, also when it is empty, and a pointer only when it is
/// set; the two look alike on the wire. An empty text is read as absent and a number or `false` as
/// written, but for the names in [FieldRules]. Unknown fields, of newer clients, are skipped, as
/// Kubernetes does.
@NullMarked
package io.nave.apiserver.protobuf;

import org.jspecify.annotations.NullMarked;
