/// Service accounts as identities: tokens for programs, and who a caller is.
///
/// Start at [TokenRequests]: it answers `serviceaccounts/NAME/token` with a token that expires and
/// dies with its account or Secret. [AccountTokens] makes and believes them, with the keys that
/// [AccountKeys] holds ([FileAccountKeys] in the data folder). [IssuerDocuments] publishes the
/// public halves, [IdentityKinds] serves the questions about identity.
@NullMarked
package io.nave.apiserver.accounts;

import org.jspecify.annotations.NullMarked;
