package io.nave.applications;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ObjectKindsTest {
  @ParameterizedTest
  @CsvSource({
    "Deployment,deployments",
    "Ingress,ingresses",
    "NetworkPolicy,networkpolicies",
    "Gateway,gateways",
    "Endpoints,endpoints",
    "EndpointSlice,endpointslices",
    "Prometheus,prometheuses",
    "IngressClass,ingressclasses",
    "CSIStorageCapacity,csistoragecapacities"
  })
  void areServedUnderTheirPlural(String kind, String plural) {
    assertThat(ObjectKinds.plural(kind)).isEqualTo(plural);
  }

  @ParameterizedTest
  @CsvSource({"'',Namespace,false", "'',Pod,true", "apps,Namespace,true", "example.org,Any,true"})
  void liveInNamespacesUnlessKnownOtherwise(String group, String kind, boolean namespaced) {
    assertThat(ObjectKinds.namespaced(group, kind, List.of())).isEqualTo(namespaced);
  }
}
