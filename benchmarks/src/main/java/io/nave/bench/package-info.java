/// The load driver behind `./nave bench`: runs one scenario against a hub in another process and
/// tells what it cost.
///
/// Start at [Bench], which runs a [Plan]; a [Scenario] says what is done; [HubUnderTest] is the
/// hub, its own ([OwnHub]) or any other that serves the kinds ([GivenHub]). [Flood], [Pace] and
/// [Latencies] make and measure load, [Meter] reads the hub's processes from outside. Nothing here
/// knows which hub it drives: all goes over the wire, in upstream's own forms.
@NullMarked
package io.nave.bench;

import org.jspecify.annotations.NullMarked;
