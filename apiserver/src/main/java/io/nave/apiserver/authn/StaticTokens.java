package io.nave.apiserver.authn;

import io.nave.apiserver.Caller;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Tokens fixed at start, for practice clusters. Kept as SHA-256 only, so that a memory dump gives
/// none away. A token it does not know is left to the next link.
public final class StaticTokens implements TokenAuthenticator {
  private final Map<String, Caller> callers = new TreeMap<>(); // not written after construction

  /// @param tokens token to caller
  public StaticTokens(Map<String, Caller> tokens) {
    tokens.forEach((token, caller) -> callers.put(hash(token), caller));
  }

  @Override
  public Optional<Proof> prove(String token, List<String> audiences) {
    return audiences.isEmpty()
        ? Optional.ofNullable(callers.get(hash(token))).map(c -> new Proof(c, List.of()))
        : Optional.empty(); // they are for this server and nobody else
  }

  private static String hash(String token) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /// The number of tokens; never the tokens.
  @Override
  public String toString() {
    return callers.size() + " static tokens";
  }
}
