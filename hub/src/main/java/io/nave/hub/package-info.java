/// The wiring of the whole hub, and nothing else.
///
/// Start at [Hub], the composition root of a hub on a real machine; [HubCore] is all of it but the
/// socket and the files, as simulation runs it. [HubConfig] is what a hub is told, [HubKeys] its
/// CAs on disk, [ReturningAgents] whom it knows by an expired certificate, [HubKinds] what it
/// serves, [HubAdmission] lets the features' rules speak at the door.
@NullMarked
package io.nave.hub;

import org.jspecify.annotations.NullMarked;
