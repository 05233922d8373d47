/// The pull side: one small process in each cluster (DESIGN D7).
///
/// Start at [KlusterletAgent], which wires registration (`io.nave.registration.agent`) and work
/// (`io.nave.agent.work`) on one host; [RoamingAgent] has several hubs to choose from.
/// [AgentConfig] says what an agent is told, [AgentPage] is what it shows; `program` makes a small
/// process of it.
@NullMarked
package io.nave.agent;

import org.jspecify.annotations.NullMarked;
