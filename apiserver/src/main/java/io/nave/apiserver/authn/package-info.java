/// Who is asking: turns what a connection and a request prove into a caller.
///
/// Start at [Authentication], the chain; its links are [ClientCertificates], [BootstrapTokens] and
/// [StaticTokens]. A link answers with a caller, with nothing when it sees no credential of its
/// kind, or with an `Unauthorized` error that says what is wrong with the one it saw and what to do
/// about it. No link ever prints or keeps a token.
@NullMarked
package io.nave.apiserver.authn;

import org.jspecify.annotations.NullMarked;
