/// The kinds that say where things run: [Placement] asks, [PlacementDecision] answers
/// (spec/ocm-behaviour.md §2.7, §2.8).
@NullMarked
package io.nave.placement.api;

import org.jspecify.annotations.NullMarked;
