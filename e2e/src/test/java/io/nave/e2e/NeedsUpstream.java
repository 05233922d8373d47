package io.nave.e2e;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Runs where `OCM_ASSETS` names a folder with upstream's programs and `KUBEBUILDER_ASSETS` one
/// with Kubernetes' own, whose kube-apiserver stores custom resources and whose
/// kube-controller-manager signs; is skipped with the reason elsewhere.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsUpstream.Condition.class)
@interface NeedsUpstream {
  /// Looks at the environment.
  final class Condition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      return OcmAssets.missing()
          .or(KubeAssets::customResourcesMissing)
          .or(() -> KubeAssets.missing("kube-controller-manager"))
          .map(ConditionEvaluationResult::disabled)
          .orElseGet(() -> ConditionEvaluationResult.enabled("upstream's programs are there"));
    }
  }
}
