/// Practice clusters (DESIGN D11): a Kubernetes-like cluster inside this process, for the demo and
/// for tests. Never a real cluster, and never called one.
///
/// Start at [PracticeCluster]. [PracticeKinds] is what it serves beside the kinds of every Nave
/// server, [WorkloadModel] is how a workload's status comes about, [WorkloadSimulator] writes it.
@NullMarked
package io.nave.practice;

import org.jspecify.annotations.NullMarked;
