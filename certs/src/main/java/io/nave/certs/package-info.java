/// Keys, certificate requests, and the authorities that answer them.
///
/// Start at [Authority] (signs), [Succession] (who signs after whom) and [TrustBundle] (checks what
/// was signed). Around them, in reading order: [KeyPairs], [CertificateRequest], [SigningRules] and
/// [Usage] (what is asked, what is granted), [Identity] (who a certificate speaks for),
/// [Credential] (a certificate chain with its key), [Rotation] (when to renew), [KeyStores] (all of
/// it as the JDK's TLS wants it), and at the bottom [Certificates] and [Pem].
///
/// Rules all share. Every type is immutable and thread-safe. Nothing here does I/O, reads a clock
/// or makes its own randomness: `Instant`, `SecureRandom` or an [io.nave.runtime.Host] come in, and
/// signatures are deterministic (RFC 6979), so the same seed and clock give the same bytes. Input
/// is bounded before it is parsed. What cannot be understood is a [BadPem]; what is understood and
/// not believed is [Untrusted]. No message and no `toString` shows key material.
///
/// BouncyCastle lives in this package only and in none of its public signatures. We use its
/// provider-less API: nothing is registered with the JDK, so JSSE keeps its own providers, and no
/// process pays for loading the provider's thousand algorithms.
@NullMarked
package io.nave.certs;

import org.jspecify.annotations.NullMarked;
