/// The kinds of the application layer, as KubeVela users know them: [Application] with its
/// [WorkflowStep]s and [WorkflowStatus], [ApplicationRevision], [Workflow], [WorkflowRun]; and
/// [Environment], ours (spec/app-layer-behaviour.md §2, §3).
@NullMarked
package io.nave.applications.api;

import org.jspecify.annotations.NullMarked;
