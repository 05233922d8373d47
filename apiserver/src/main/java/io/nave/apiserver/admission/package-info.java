/// Rules on writes that reach across kinds.
///
/// Start at [Admission]; a `Registry` is given an ordered list of them. [NamespaceLifecycle] is the
/// one that every registry has; webhooks and policies have packages of their own. What belongs to
/// one kind alone is its `Strategy`.
@NullMarked
package io.nave.apiserver.admission;

import org.jspecify.annotations.NullMarked;
