package io.nave.agent.program;

import io.nave.controllers.HttpsTransport;
import io.nave.controllers.Kubeconfig;
import io.nave.registration.agent.HubDialer;
import io.nave.registration.agent.HubIdentity;
import io.nave.runtime.Host;
import io.nave.runtime.Transport;

/// Reaches the hub of a bootstrap kubeconfig over HTTPS, verified by the CA in it.
public record KubeconfigDialer(Host host, Kubeconfig bootstrap) implements HubDialer {
  @Override
  public String hubUrl() {
    return bootstrap.server();
  }

  @Override
  public String caPem() {
    return bootstrap.caPem();
  }

  @Override
  public HubDialer trusting(String caPem) {
    return new KubeconfigDialer(host, bootstrap.withCa(caPem));
  }

  @Override
  public Transport dial(HubIdentity identity) {
    var login =
        switch (identity) {
          case HubIdentity.Token(var token) -> new Kubeconfig.Login.Token(token);
          case HubIdentity.Certificate(var chain, var key) ->
              new Kubeconfig.Login.Certificate(chain, key);
        };
    return HttpsTransport.open(host, bootstrap.withLogin(login));
  }
}
