package io.nave.bench.scale;

/// What a hub's process spends, as measured; CPU in seconds of one core.
///
/// @param connect a connection: handshake, who it is, its watches with their first lists
/// @param lease a renewal: read and written
/// @param status a work's status: checked, stored, told to controllers, decided on
/// @param push a work's new spec, written and told to its agent
/// @param hear a transaction that another replica wrote
/// @param refuse a request that is turned away
/// @param restart from the start of a process to its first answer, in seconds
/// @param processBytes of a process that nobody uses
/// @param connectionBytes of a connection with its watches
/// @param clusterBytes of what is kept for a cluster: its objects and works, in every replica
record Costs(
    double connect,
    double lease,
    double status,
    double push,
    double hear,
    double refuse,
    double restart,
    double processBytes,
    double connectionBytes,
    double clusterBytes) {}
