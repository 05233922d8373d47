/// A whole system on virtual time, from one seed.
///
/// Start at [SimWorld]: it owns the virtual clock, the seed and the event log, and makes
/// [SimHost]s, which are given to the parts of Nave as their [io.nave.runtime.Host]. A host can be
/// crashed, its clock set wrong, its [SimDisk] filled or made to lie. [SimNetwork] carries requests
/// between hosts as messages that take time, get lost, or stop at a partition.
///
/// Inside: `Baton` decides who runs. Every task has a virtual thread of its own, but only the
/// holder of the baton runs; it moves only in seam calls, to a runnable task the seed picks; when
/// none is runnable, virtual time jumps to the next of `Timers`. All state of this package is
/// touched by the holder alone, so none of it is locked. The thread that made the world (the test)
/// is one more task, the driver: when it waits, the world runs.
///
/// [AheadHost] is no part of a world: it puts the clocks of any host forward.
///
/// The same seed and program give the same [SimWorld#eventLog] byte for byte, as long as the
/// program keeps the rule of [io.nave.runtime] and lets no hash order or identity hash into its
/// behaviour. What fails, fails the driver's call with a [SimFailure] that names the seed.
@NullMarked
package io.nave.runtime.sim;

import org.jspecify.annotations.NullMarked;
