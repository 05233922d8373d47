package io.nave.apiserver.kinds;

import io.nave.api.Absent;
import io.nave.api.Kind;
import io.nave.api.Meta;
import io.nave.api.Resource;
import io.nave.api.schema.Doc;
import io.nave.api.schema.Format;
import io.nave.api.schema.ListMap;
import io.nave.api.schema.OneOf;
import io.nave.api.schema.Range;
import io.nave.api.schema.Required;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Somebody asks for a certificate; somebody approves, and a signer answers.
@Doc("CertificateSigningRequest asks a signer for a certificate.")
@Kind(
    group = CertificateSigningRequest.GROUP,
    version = "v1",
    plural = "certificatesigningrequests",
    shortNames = "csr",
    namespaced = false,
    columns = {
      @Kind.PrintColumn(name = "Age", type = "date", path = ".metadata.creationTimestamp"),
      @Kind.PrintColumn(name = "SignerName", path = ".spec.signerName"),
      @Kind.PrintColumn(name = "Requestor", path = ".spec.username"),
      @Kind.PrintColumn(name = "RequestedDuration", path = ""),
      @Kind.PrintColumn(name = "Condition", path = "")
    })
public record CertificateSigningRequest(Meta metadata, @Required Spec spec, Status status)
    implements Resource {
  public static final String GROUP = "certificates.k8s.io";

  /// Condition types that `/approval` decides.
  public static final String APPROVED = "Approved";

  public static final String DENIED = "Denied";
  public static final String FAILED = "Failed";

  /// @param request PEM, in base64 once more
  /// @param username and the next three: who asked, as the server saw it
  public record Spec(
      @Required @Format("byte") String request,
      @Required String signerName,
      @Range(min = 600) @Nullable Integer expirationSeconds,
      List<String> usages,
      @Nullable String username,
      @Nullable String uid,
      List<String> groups,
      Map<String, List<String>> extra) {
    public Spec {
      usages = Absent.toEmpty(usages);
      groups = Absent.toEmpty(groups);
      extra = Absent.toEmpty(extra);
    }
  }

  /// @param certificate PEM chain, in base64 once more
  public record Status(
      @ListMap("type") List<RequestCondition> conditions,
      @Format("byte") @Nullable String certificate) {
    public Status {
      conditions = Absent.toEmpty(conditions);
    }
  }

  /// Not a `metav1.Condition`: it has a time of its own, and generations play no part.
  public record RequestCondition(
      @Required String type,
      @Required @OneOf({"True", "False", "Unknown"}) String status,
      @Nullable String reason,
      @Nullable String message,
      @Nullable Instant lastUpdateTime,
      @Nullable Instant lastTransitionTime) {}

  public CertificateSigningRequest {
    status = Absent.or(status, new Status(List.of(), null));
  }

  /// Whether a condition of that type is True.
  public boolean is(String type) {
    return status.conditions().stream()
        .anyMatch(c -> c.type().equals(type) && c.status().equals("True"));
  }
}
