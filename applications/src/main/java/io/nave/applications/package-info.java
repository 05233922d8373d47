/// The application layer: one Application becomes one ManifestWork in each of its clusters, and
/// what the clusters report becomes its health (DESIGN D10).
///
/// Start at [ApplicationReconciler]: it reads the present and asks pure code. [Conduct] is one pass
/// over an Application, in this order:
///
/// 1. [Blueprint] binds components and traits to their definitions and checks their properties,
///    [ComponentLinks] what binds components together ([ApplicationAdmission] asks the same when an
///    Application is written); the revision is found or made (`revisions`)
/// 2. [Steps] is its workflow; [Hands] is what people ask of the run; the engine (`workflow`) has
///    [Actions] executed: [Deploying], [Writing], [Calling]. They see and want things at a [Site]
/// 3. [Delivery] changes and copies components as override and replication say, and [Topology]
///    finds the [Target]s: clusters and the namespace there, by name, labels, Placement or
///    environment ([Surroundings]); [Turn] is what one of them may have now
/// 4. [Renderer] renders every component for every target; [Staging] holds back what waits for the
///    workload; what it refers to on the hub is watched ([Referred])
/// 5. [Works] packs the objects into ManifestWorks ([Packing]), written as the policies say, with
///    feedback rules for what health reads; what another application holds is a [Contest];
///    [WorkPlan] is what has to be written, in whose name an [Account]
/// 6. [Present] and [Health] judge what the works' status says, [Progress] sums it up as `status`
///
/// [RunReconciler] executes WorkflowRuns by the same engine. [ApplicationDesk] answers what would
/// become of an application by what is [Stored]: its [Outlook], as a [Preview].
///
/// What cannot go on is a [Refusal] at one [Stage]; the works that are there stay then.
/// [ApplicationsHub] wires it to a hub ([Wakes] says what wakes which application, [OwnWrites] what
/// does not), and [DefinitionsHub] the definitions of its types, whose changes
/// [DefinitionReconciler] records; [OfflineRendering] renders without a hub. Rules and texts:
/// spec/app-layer-behaviour.md.
@NullMarked
package io.nave.applications;

import org.jspecify.annotations.NullMarked;
