/// What the folders promise, checked on the compiled classes of all modules.
///
/// Start at [ArchitectureTest]. [House] holds the modules and their arrows, [HostSeam] what only
/// `runtime` may touch, [SeamExceptions] the few adapters that may too, each with its reason.
@NullMarked
package io.nave.e2e.architecture;

import org.jspecify.annotations.NullMarked;
