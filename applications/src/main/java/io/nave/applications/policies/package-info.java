/// What the policies of an Application mean (spec §10): pure functions over its components and over
/// rendered objects.
///
/// - [Overrides] changes components, [Replication] copies them: both act where a deploy step
///   delivers.
/// - [Treatments] says how works treat each object, as spec §26 maps it to update strategies and
///   deletion: apply-once, read-only, shared-resource, take-over, garbage-collect and
///   resource-update. Their rules select objects by a [RuleSelector].
/// - [HealthTimes] is the health policy.
///
/// Properties arrive checked by the PolicyDefinition's schema; what is absent has its default.
@NullMarked
package io.nave.applications.policies;

import org.jspecify.annotations.NullMarked;
