/// What hub and agent share about work: [ManifestWork] says what one cluster must run and how it
/// went, [AppliedManifestWork] is the agent's own record in that cluster (spec/ocm-behaviour.md
/// §2.9, §2.10).
@NullMarked
package io.nave.work;

import org.jspecify.annotations.NullMarked;
