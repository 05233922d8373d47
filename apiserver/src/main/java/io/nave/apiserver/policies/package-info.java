/// Admission policies: rules on writes as CEL expressions that stand in the store.
///
/// Start at [PolicyAdmission]; then `CompiledPolicy` (one policy's expressions and what they find).
/// [TypeChecking] finds what is doubtful of a policy before a request is judged. [PolicyKinds] are
/// the kinds, `PolicyStrategy` and `BindingStrategy` what may stand there. Which requests a policy
/// is about is [io.nave.apiserver.matching.Match]. The words are Kubernetes'.
@NullMarked
package io.nave.apiserver.policies;

import org.jspecify.annotations.NullMarked;
