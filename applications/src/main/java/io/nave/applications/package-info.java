/// The application layer: one Application becomes one ManifestWork in each of its clusters, and
/// what the clusters report becomes its health (DESIGN D10).
///
/// Start at [ApplicationReconciler]: it reads the present and asks pure code, in this order:
///
/// 1. [Blueprint] binds components and traits to their definitions and checks their properties
///    ([ApplicationAdmission] asks the same when an Application is written)
/// 2. [Delivery] changes and copies components as override and replication say, and [Topology]
///    finds the [Target]s: clusters and the namespace there, by name, labels, Placement or
///    environment ([Surroundings])
/// 3. [Renderer] renders every component for every target
/// 4. [Works] packs the objects into ManifestWorks ([Packing]), written as the policies say, with
///    feedback rules for what health reads; what another application holds is a [Contest]
/// 5. [Health] judges what the works' status says, [Progress] sums it up as `status`
///
/// [ApplicationDesk] answers what would become of an application: its [Outlook], as a [Preview].
///
/// What cannot go on is a [Refusal] at one [Stage]; the works that are there stay then.
/// [ApplicationsHub] wires it to a hub. Rules and texts: spec/app-layer-behaviour.md.
@NullMarked
package io.nave.applications;

import org.jspecify.annotations.NullMarked;
