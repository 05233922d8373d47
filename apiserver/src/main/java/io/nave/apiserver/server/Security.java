package io.nave.apiserver.server;

import io.nave.apiserver.accounts.AccountKeys;
import io.nave.runtime.Host;

/// What a server's guards are told at its start.
///
/// @param accountKeys sign service account tokens
/// @param defaultAccounts whether every namespace gets a service account `default`: where something
///   runs
public record Security(AccountKeys accountKeys, boolean defaultAccounts) {
  /// Keys of this process alone, no default accounts.
  public static Security plain(Host host) {
    return new Security(AccountKeys.fresh(host), false);
  }

  public Security withAccountKeys(AccountKeys keys) {
    return new Security(keys, defaultAccounts);
  }

  public Security withDefaultAccounts() {
    return new Security(accountKeys, true);
  }
}
