/// How controllers see the world and act on it.
///
/// Start at [ApiClient], the one way to the API; [Reconciler] and [Outcome] are what a controller
/// writes, `Controller` is the loop that runs it, `Cache` the local copy it reads.
@NullMarked
package io.nave.controllers;

import org.jspecify.annotations.NullMarked;
