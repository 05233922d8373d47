/// The kinds of the application layer, as KubeVela users know them (spec/app-layer-behaviour.md §2,
/// §3, §5, §6, §17): [Application] with its [WorkflowStep]s and [WorkflowStatus],
/// [ApplicationRevision], [Workflow], [WorkflowRun]; the definitions of its types with their
/// [DefinitionRevision]s; and [Environment], ours.
@NullMarked
package io.nave.applications.api;

import org.jspecify.annotations.NullMarked;
