/// Signed tokens: JSON Web Tokens (RFC 7519) in the compact form of RFC 7515, on the JDK's own
/// cryptography.
///
/// [SigningKey] signs, [KeySet] holds the public halves and reads and writes them as a JWK set (RFC
/// 7517), [Token] is one token taken apart and, once [KeySet#verify] has passed it, believed. Only
/// RSA and EC signatures with SHA-2 exist here: `none` and the HMACs cannot be asked for.
@NullMarked
package io.nave.apiserver.jwt;

import org.jspecify.annotations.NullMarked;
