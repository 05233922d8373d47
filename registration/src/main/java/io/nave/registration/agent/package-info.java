/// The agent's half of registration: bootstrap, credential, lease, status.
///
/// Start at [RegistrationAgent]: `run` is the whole story. [AgentSettings] and [HubDialer] (with
/// [HubIdentity], [HubConnection]) are what it is given, [AgentState] is what it tells. Inside, in
/// the order of a life: `AgentFiles` on a `Shelf` (what is kept), `Enrolment` (the way in),
/// `RequestDesk` (asks for certificates), `Membership` (the life of one certificate, made of
/// `Duties`), `OwnCluster` (what the hub decides, by watch), `AgentTrust` (whom to believe to be
/// the hub), `ClusterReader`, `SetNamespaces`, `StatusReport` and `AgentEvents` (what the hub is
/// told).
///
/// Beside that life: [HubCheck] tells where an agent stands, for who asks, and [OwnRights] what a
/// hub lets it do.
///
/// An agent runs on one task, and one more that only watches. The key is on disk before it is used
/// and never leaves the machine.
@NullMarked
package io.nave.registration.agent;

import org.jspecify.annotations.NullMarked;
