/// The front door: TLS, who, may they, is it valid, store it, watch it.
///
/// Start at [Api]: the verbs. `Registry` implements them on a store, `LocalClient` gives them to
/// controllers of this process, `FrontDoor` gives them to any transport, and `HttpsServer` is that
/// transport for real.
@NullMarked
package io.nave.apiserver;

import org.jspecify.annotations.NullMarked;
