/// The workflow engine: steps, their order, conditions, retries, approvals (spec
/// app-layer-behaviour.md §11). Pure: it reads no clock and writes nothing.
///
/// Start at [Engine]: one pass turns (what is written, how far the run got, now) into how far it
/// gets, and when to look again. All it remembers is the `WorkflowStatus` it returns, so a run goes
/// on where it was after any crash; executing a step twice must do no harm. Then:
///
/// - [Plan]: the steps as written, named and checked
/// - [StepAction]: what a type of step does; the seam to everything outside
/// - [When]: whether a step runs; [ValueFrom], [Parameters]: data between steps
/// - [Hand]: what a person does to a run: approve, resume, suspend, terminate, restart
@NullMarked
package io.nave.applications.workflow;

import org.jspecify.annotations.NullMarked;
