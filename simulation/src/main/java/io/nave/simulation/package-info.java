/// The whole system on one thread, in virtual time, from one seed (DESIGN D4).
///
/// Start at [Fleet]: a hub, clusters with their agents and an administrator in one
/// [io.nave.runtime.sim.SimWorld], wired as on real machines but for the sockets. [SimHub] and
/// [SimCluster] are machines that can be crashed and cut off, [WireDialer] is how an agent reaches
/// the hub, [Administrator] is a person with kubectl and patience, [Witness] writes down what
/// happens and notices what never may.
///
/// What the wire leaves out is TLS itself: a client's certificate chain is handed to the hub as the
/// handshake would have proved it; the hub's own certificate is not checked.
@NullMarked
package io.nave.simulation;

import org.jspecify.annotations.NullMarked;
