/// Everything that is not deterministic, behind one seam (DESIGN D4).
///
/// Start at [Host]: the machine a part of Nave runs on. Then [Task] and [Monitor] (who runs, who
/// waits), [Mailbox] (the bounded queue between tasks), [Disk] (files that survive a crash) and
/// [Transport] (requests to another process), whose other end is a [Service]. [RealHost] is the
/// machine; [io.nave.runtime.sim.SimWorld] makes simulated hosts that share one virtual clock, one
/// seed and one event log; [ForwardingHost] is another host but for what is changed.
///
/// The rule all of Nave keeps: outside this package nothing reads a clock, starts or parks a
/// thread, draws randomness, opens a file or a socket. Code between two calls of the seam must not
/// block and must not hold a JDK lock across a call: in simulation only one task runs at a time,
/// and it hands over only inside these calls.
@NullMarked
package io.nave.runtime;

import org.jspecify.annotations.NullMarked;
