package io.nave.hub;

import io.nave.apiserver.audit.AuditLog;
import io.nave.apiserver.audit.AuditPolicy;
import io.nave.apiserver.oidc.OidcSettings;
import io.nave.registration.hub.RegistrationPolicy;
import io.nave.store.EtcdSettings;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a hub is told at its start.
///
/// @param dataFolder where it keeps its objects, its CA and the administrator's kubeconfig
/// @param address to listen on
/// @param port 0: any free one
/// @param names host names and addresses under which clients reach it, beside `address` and
///   `localhost`; the first is what kubeconfigs name
/// @param policy whom it lets in by itself, and for how long its certificates are good
/// @param gitVersion what `/version` tells; clients read the Kubernetes version in it
/// @param oidc issuers whose users are let in
/// @param executorRequired whether works that leave out `spec.executor`, and so are applied with
///   the agents' own rights, are let in only from those with the right `execute-as` (upstream's
///   gate NilExecutorValidating)
/// @param auditPolicy what is written to `audit/` in the data folder
/// @param auditKeeping what becomes of old files there
/// @param etcd where the objects are when they are not in the data folder; several hubs may share
///   it
/// @param encryptionKeys the file with the keys that Secrets are encrypted with; null:
///   `encryption.keys` in the data folder, made at the first start
public record HubConfig(
    Path dataFolder,
    String address,
    int port,
    List<String> names,
    RegistrationPolicy policy,
    String gitVersion,
    List<OidcSettings> oidc,
    boolean executorRequired,
    AuditPolicy auditPolicy,
    AuditLog.Keeping auditKeeping,
    @Nullable EtcdSettings etcd,
    @Nullable Path encryptionKeys) {
  /// The Kubernetes API level that is served, as clients expect it in a version.
  public static final String GIT_VERSION = "v1.31.0+nave";

  /// The usual port of a Kubernetes API.
  public static final int PORT = 6443;

  public HubConfig {
    names = List.copyOf(names);
    oidc = List.copyOf(oidc);
  }

  /// With its objects and keys in the data folder.
  public HubConfig(
      Path dataFolder,
      String address,
      int port,
      List<String> names,
      RegistrationPolicy policy,
      String gitVersion,
      List<OidcSettings> oidc,
      boolean executorRequired,
      AuditPolicy auditPolicy,
      AuditLog.Keeping auditKeeping) {
    this(
        dataFolder,
        address,
        port,
        names,
        policy,
        gitVersion,
        oidc,
        executorRequired,
        auditPolicy,
        auditKeeping,
        null,
        null);
  }

  /// The same with its objects in an etcd, or other keys.
  public HubConfig withStore(@Nullable EtcdSettings store, @Nullable Path keys) {
    return new HubConfig(
        dataFolder,
        address,
        port,
        names,
        policy,
        gitVersion,
        oidc,
        executorRequired,
        auditPolicy,
        auditKeeping,
        store,
        keys);
  }

  public static HubConfig of(Path dataFolder, String address, int port) {
    return new HubConfig(
        dataFolder,
        address,
        port,
        List.of(),
        RegistrationPolicy.usual(),
        GIT_VERSION,
        List.of(),
        false,
        AuditPolicy.DEFAULT,
        AuditLog.Keeping.USUAL);
  }
}
