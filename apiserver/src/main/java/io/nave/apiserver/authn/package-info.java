/// Who is asking: turns what a connection and a request prove into a caller.
///
/// Start at [Authentication], the chain; its links are [ClientCertificates] and the kinds of
/// [TokenAuthenticator]: [BootstrapTokens], [StaticTokens], [OidcTokens], and those of
/// `io.nave.apiserver.accounts`. [Impersonation] lets one act as another. A link answers with a
/// caller, with nothing when it sees no credential of its kind, or with an `Unauthorized` error
/// that says what is wrong with the one it saw and what to do about it. No link ever prints or
/// keeps a token.
@NullMarked
package io.nave.apiserver.authn;

import org.jspecify.annotations.NullMarked;
