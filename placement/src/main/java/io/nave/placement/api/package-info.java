/// The kinds that say where things run: [Placement] asks, [PlacementDecision] answers,
/// [AddOnPlacementScore] brings scores from outside (spec/ocm-behaviour.md §2.6 to §2.8).
@NullMarked
package io.nave.placement.api;

import org.jspecify.annotations.NullMarked;
