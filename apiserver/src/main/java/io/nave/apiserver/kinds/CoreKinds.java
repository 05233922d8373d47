package io.nave.apiserver.kinds;

import io.nave.api.ApiObject;
import io.nave.api.ResourceType;
import io.nave.api.ResourceType.Column;
import io.nave.apiserver.rbac.Rbac;
import io.nave.apiserver.rbac.RbacKinds;
import io.nave.apiserver.registry.ServedType;
import io.nave.apiserver.registry.Strategy;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The kinds that every server of Nave serves, hub and practice cluster alike.
public final class CoreKinds {
  /// Core `v1` events; `events.k8s.io/v1` shows the same objects.
  public static final ResourceType EVENTS = events("", "involvedObject", "message");

  private static final ResourceType NEW_EVENTS = events("events.k8s.io", "regarding", "note");

  private static final String AUTHORIZATION = "authorization.k8s.io";

  private CoreKinds() {}

  /// In the order of discovery.
  ///
  /// @param rbac what roles and bindings are looked up in
  public static List<ServedType> all(Rbac rbac) {
    var plain = new BuiltIn();
    var configMaps = new ConfigMapStrategy();
    var secrets = new SecretStrategy();
    var all = new ArrayList<ServedType>();
    all.add(ServedType.of(Namespace.class, new NamespaceStrategy()));
    all.add(
        ServedType.of(ConfigMap.class, configMaps).withColumns(o -> List.of(configMaps.count(o))));
    all.add(ServedType.of(Secret.class, secrets).withColumns(o -> List.of(secrets.count(o))));
    all.add(ServedType.of(ServiceAccount.class, plain).withColumns(CoreKinds::secretCount));
    all.add(
        ServedType.of(ResourceQuota.class, new QuotaStrategy()).withColumns(QuotaStrategy::cells));
    var events = new EventStrategy();
    all.add(ServedType.of(EVENTS, events).withColumns(EventStrategy::cells));
    all.add(
        ServedType.of(NEW_EVENTS, events)
            .withColumns(EventStrategy::cells)
            .withConversion(new EventConversion(EVENTS, NEW_EVENTS)));
    all.add(ServedType.of(Lease.class, new LeaseStrategy()));
    all.add(
        ServedType.of(CertificateSigningRequest.class, new CsrStrategy())
            .withColumns(CsrStrategy::cells));
    all.addAll(RbacKinds.all(rbac));
    all.add(review("SelfSubjectAccessReview", false, new AccessReview(true)));
    all.add(review("SubjectAccessReview", false, new AccessReview(false)));
    all.add(review("LocalSubjectAccessReview", true, new AccessReview(false)));
    return List.copyOf(all);
  }

  private static List<Object> secretCount(ApiObject account) {
    return List.of(account.at("/secrets").size());
  }

  private static ServedType review(String kind, boolean namespaced, Strategy strategy) {
    var plural = kind.toLowerCase(Locale.ROOT) + "s";
    return ServedType.of(ResourceType.of(AUTHORIZATION, "v1", kind, plural, namespaced), strategy);
  }

  private static ResourceType events(String group, String about, String message) {
    return ResourceType.of(group, "v1", "Event", "events", true)
        .withShortNames("ev")
        .withColumns(
            new Column("Last Seen", "date", "", 0),
            new Column("Type", "string", ".type", 0),
            new Column("Reason", "string", ".reason", 0),
            new Column("Object", "string", "", 0),
            new Column("Subobject", "string", "." + about + ".fieldPath", 1),
            new Column("Source", "string", "", 1),
            new Column("Message", "string", "." + message, 0),
            new Column("First Seen", "date", "", 1),
            new Column("Count", "integer", "", 1),
            new Column("Name", "string", "", 1));
  }
}
