/// Calls this server makes to others: an OIDC issuer's keys, admission webhooks. Start at [Calls];
/// every call is bounded in time and size.
@NullMarked
package io.nave.apiserver.outbound;

import org.jspecify.annotations.NullMarked;
