/// Tests against real programs: a hub and agents as processes of their own, real Kubernetes control
/// planes as clusters, the real `kubectl`.
///
/// The tests are the classes named `*E2E`. Their fixtures, in reading order: [Program] (a child
/// process that cannot outlive the test), [NaveProgram] (`nave` as one), [HubProgram],
/// [PracticeProgram], [Kubectl], and the real clusters [KubeCluster] (from `KUBEBUILDER_ASSETS`)
/// and [KindCluster] (from Docker), both [RealCluster]. [UpstreamHub] and [UpstreamAgent] are
/// upstream's own programs (from `OCM_ASSETS`), [WorkPair] what one agent on one hub makes of the
/// same works. Where those cannot be had, [NeedsKubernetes], [NeedsUpstream] and [NeedsKind] skip a
/// class and say why.
///
/// What programs print goes to files below `target/e2e/<test>`; a failure names them.
@NullMarked
package io.nave.e2e;

import org.jspecify.annotations.NullMarked;
