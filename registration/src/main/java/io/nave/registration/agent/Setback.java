package io.nave.registration.agent;

import io.nave.api.ApiError;
import io.nave.certs.Untrusted;
import io.nave.runtime.Disk;
import io.nave.runtime.Transport;
import java.security.cert.CertificateException;
import java.util.Locale;
import java.util.Objects;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// Something stands in the way; said as the state it leaves the agent in. Tried again later.
class Setback extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient AgentState state;

  Setback(AgentState state) {
    super(state.line());
    this.state = state;
  }

  AgentState state() {
    return state;
  }

  /// There are so many requests on the hub that another would only add to the jam.
  static final class Jam extends Setback {
    private static final long serialVersionUID = 1L;

    Jam(AgentState state) {
      super(state);
    }
  }

  /// The state that a fault leaves the agent in.
  ///
  /// @param token whether the bootstrap token was shown, not a certificate
  /// @return null for a fault that is no setback but a mistake in this program
  static @Nullable AgentState of(RuntimeException fault, boolean token) {
    return switch (fault) {
      case Setback setback -> setback.state();
      case ApiError error -> refusal(error, token);
      case Transport.Unreachable unreachable ->
          mistrust(unreachable)
              ? new AgentState.HubUntrusted(text(unreachable))
              : new AgentState.HubUnreachable(text(unreachable));
      case Disk.DiskFailure disk -> new AgentState.Faulty(text(disk));
      default -> null;
    };
  }

  private static AgentState refusal(ApiError error, boolean token) {
    if (error.is(ApiError.Reason.UNAUTHORIZED) && token) {
      return text(error).toLowerCase(Locale.ROOT).contains("expired")
          ? new AgentState.TokenExpired(text(error))
          : new AgentState.TokenRejected(text(error));
    }
    if (error.is(ApiError.Reason.FORBIDDEN)) {
      return token
          ? new AgentState.TokenForbids(text(error))
          : new AgentState.NoRights(text(error));
    }
    return error.code() == 503 || error.code() == 429
        ? new AgentState.HubUnreachable(text(error))
        : new AgentState.Refused(text(error));
  }

  private static boolean mistrust(Throwable fault) {
    for (var cause = fault.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof SSLException
          || cause instanceof CertificateException
          || cause instanceof Untrusted) {
        return true;
      }
    }
    return false;
  }

  static String text(Throwable fault) {
    return Objects.requireNonNullElse(fault.getMessage(), fault.getClass().getSimpleName());
  }
}
