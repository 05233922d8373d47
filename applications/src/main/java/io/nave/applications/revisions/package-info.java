/// Revisions of Applications (spec app-layer-behaviour.md §5). Pure: it reads no clock and writes
/// nothing.
///
/// Start at [Revisions]: what an Application says and what revisions there are decide which one is
/// delivered, whether a new one is made, and which old ones go. [Content] is what makes two
/// Applications the same revision.
@NullMarked
package io.nave.applications.revisions;

import org.jspecify.annotations.NullMarked;
