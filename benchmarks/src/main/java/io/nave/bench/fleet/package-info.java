/// Simulated agents: thousands in this process, each with a connection and certificate of its own,
/// speaking upstream's wire protocol (`../shared/spec/ocm-behaviour.md` §3, §6 and §10).
///
/// Start at [Fleet]; [SimAgent] is one agent's life, [AgentWatch] one of its four watches,
/// [AgentBodies] what it sends. The cluster behind an agent is memory: whatever a work holds is
/// applied at once and is available.
@NullMarked
package io.nave.bench.fleet;

import org.jspecify.annotations.NullMarked;
