package io.nave.apiserver.server;

import io.nave.apiserver.accounts.AccountKeys;
import io.nave.apiserver.audit.AuditSink;
import io.nave.apiserver.oidc.OidcSettings;
import io.nave.apiserver.outbound.Dialer;
import io.nave.runtime.Host;
import java.util.List;

/// What a server's guards are told at its start.
///
/// @param accountKeys sign service account tokens
/// @param defaultAccounts whether every namespace gets a service account `default`: where something
///   runs
/// @param oidc issuers whose users are let in, each with a URL of its own
/// @param dialer how others are called: issuers and admission webhooks
/// @param audit told of every request; not closed by the server
public record Security(
    AccountKeys accountKeys,
    boolean defaultAccounts,
    List<OidcSettings> oidc,
    Dialer dialer,
    AuditSink audit) {
  public Security {
    oidc = List.copyOf(oidc);
  }

  /// Keys of this process alone, no default accounts, no issuers, calls nobody.
  public static Security plain(Host host) {
    return new Security(
        AccountKeys.fresh(host), false, List.of(), Dialer.none(), AuditSink.logger());
  }

  public Security withAccountKeys(AccountKeys keys) {
    return new Security(keys, defaultAccounts, oidc, dialer, audit);
  }

  public Security withDefaultAccounts() {
    return new Security(accountKeys, true, oidc, dialer, audit);
  }

  public Security withOidc(List<OidcSettings> issuers) {
    return new Security(accountKeys, defaultAccounts, issuers, dialer, audit);
  }

  public Security withDialer(Dialer other) {
    return new Security(accountKeys, defaultAccounts, oidc, other, audit);
  }

  public Security withAudit(AuditSink sink) {
    return new Security(accountKeys, defaultAccounts, oidc, dialer, sink);
  }
}
