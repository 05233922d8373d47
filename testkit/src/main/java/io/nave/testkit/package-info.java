/// What tests of other modules share; depend on it with scope `test`.
///
/// Start at [Seeds]: it runs a simulated test from several seeds and replays one. [Linearizability]
/// judges what clients saw of a store. [EtcdServer] is a real etcd, [NeedsEtcd] skips where there
/// is none; [FreePort] is for programs that must be told theirs.
@NullMarked
package io.nave.testkit;

import org.jspecify.annotations.NullMarked;
