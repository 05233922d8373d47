/// The hub's half of registration: who comes in, with which rights, and what becomes of them.
///
/// Start at [RegistrationHub], which wires all; [RegistrationPolicy] says whom it lets in by
/// itself, [HubAuthority] keeps who signs. Then, in the order of a cluster's life: [RequestCheck]
/// (what a certificate request may ask, pure), [RequestApprovalReconciler], [SigningReconciler] and
/// [RequestCleanupReconciler]; [AcceptanceReconciler] with `ClusterRights` and `Wanted` (rights as
/// they should be), [SharedRightsReconciler]; [LeaseReconciler] with `Renewals`, [ClockReconciler]
/// and [TaintReconciler] (is it alive); [ClusterSetReconciler], [DefaultSetReconciler],
/// [SetBindingReconciler], [ManagedNamespacesReconciler] and [ProfileReconciler] (sets);
/// [FeatureLabelReconciler] (add-ons as labels of their cluster); [TrustReconciler] (another
/// authority); [DepartureReconciler]. `HubXWorld` serves each from caches and one client. Where it
/// is asked to, [ImportReconciler] puts agents into the clusters of providers by an
/// [AgentInstaller].
///
/// For the hub's API server, as pure functions: [ClusterAdmission] with `AgentWrites` (who may
/// accept, join, bind; what agents may write) and [AgentReads] (what agents may list). For those
/// who let agents in: [BootstrapTokens], [InstalledAgent].
@NullMarked
package io.nave.registration.hub;

import org.jspecify.annotations.NullMarked;
