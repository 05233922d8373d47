/// The agent as a program of its own: `nave join` without the rest of Nave.
///
/// An agent is paid for once per cluster, so it starts with a main of its own ([AgentMain]) and
/// loads nothing that it does not use: no command line library, no web server, no logging framework
/// ([PlainLog]). Where its memory goes is told in `docs/performance.md`.
///
/// [AgentOptions] is what it is told, [AgentWiring] puts agent and connections together,
/// [BootstrapFollower] starts it anew when its bootstrap kubeconfigs change; [KubeconfigDialer]
/// reaches the hub, [InCluster] finds the cluster a pod runs in.
@NullMarked
package io.nave.agent.program;

import org.jspecify.annotations.NullMarked;
