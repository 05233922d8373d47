/// The agent's half of registration: bootstrap, credential, lease, status.
///
/// [HubDialer] and [HubIdentity] are how it reaches the hub.
@NullMarked
package io.nave.registration.agent;

import org.jspecify.annotations.NullMarked;
