/// Users of an OpenID Connect issuer: [OidcTokens] believes their tokens as [OidcSettings] say, by
/// the keys that `IssuerKeys` fetches.
@NullMarked
package io.nave.apiserver.oidc;

import org.jspecify.annotations.NullMarked;
