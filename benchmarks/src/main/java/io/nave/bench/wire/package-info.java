/// The driver's way to a hub: HTTP/1.1 and HTTP/2 over TLS, thousands of connections in one
/// process.
///
/// Start at [Wire]; a [Line] is one connection, an [Ask] one request, an [Answer] what came of it.
/// Everything is told by call-backs on the event loop of the line, which must not wait; the few
/// methods that wait say so and are for tasks. Vert.x stays inside this package.
@NullMarked
package io.nave.bench.wire;

import org.jspecify.annotations.NullMarked;
