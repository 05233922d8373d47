/// Where hubs end that are larger than any machine at hand: a model in virtual time, from the costs
/// the other scenarios measure.
///
/// [ScaleModel] lives through the hours of one hub and its agents: [Agents] renew leases, tell
/// statuses, hear of changes and come back after a restart; a [Replica] serves them in the order in
/// which they ask, as fast as its cores go, and turns away what is too much, as a hub does.
/// [Outcome] is what they saw. What a hub does inside is not modelled: [Costs] says what it costs.
@NullMarked
package io.nave.bench.scale;

import org.jspecify.annotations.NullMarked;
