package io.nave.registration.hub;

/// Puts the agent into a cluster that a kubeconfig leads to.
@FunctionalInterface
public interface AgentInstaller {
  /// Installs the agent, or brings what is installed up to date, with a fresh bootstrap token for
  /// this cluster and one use. Nothing of the kubeconfig is kept.
  ///
  /// @param kubeconfig complete in itself: a text that names files or programs is refused
  /// @throws io.nave.api.ApiError what the cluster refuses
  /// @throws io.nave.runtime.Transport.Unreachable when it does not answer
  /// @throws io.nave.controllers.Kubeconfig.Unusable when the kubeconfig cannot be used
  void install(String cluster, String kubeconfig);
}
