package io.nave.apiserver.kinds;

import static io.nave.apiserver.kinds.CertificateSigningRequest.APPROVED;
import static io.nave.apiserver.kinds.CertificateSigningRequest.DENIED;

import io.nave.api.ApiObject;
import io.nave.apiserver.Caller;
import io.nave.apiserver.registry.Faults;
import io.nave.apiserver.registry.NameRule;
import io.nave.certs.BadRequestPem;
import io.nave.certs.CertificateRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What a certificate request may hold.
final class CsrRules {
  /// The signer whose certificates prove users to the API server.
  private static final String CLIENT_SIGNER = "kubernetes.io/kube-apiserver-client";

  private static final int SIGNER_CHARACTERS_MAX = 571; // 253 for the domain, 1, 317 for the path

  private static final List<String> USAGES =
      List.of(
          "any",
          "cert sign",
          "client auth",
          "code signing",
          "content commitment",
          "crl sign",
          "data encipherment",
          "decipher only",
          "digital signature",
          "email protection",
          "encipher only",
          "ipsec end system",
          "ipsec tunnel",
          "ipsec user",
          "key agreement",
          "key encipherment",
          "microsoft sgc",
          "netscape sgc",
          "ocsp signing",
          "s/mime",
          "server auth",
          "signing",
          "timestamping");

  private CsrRules() {}

  static void validate(ApiObject csr, @Nullable ApiObject old, Faults faults) {
    if (old == null || !old.spec().equals(csr.spec())) { // a signature costs a millisecond to check
      validateSpec(csr, faults);
    }
    if (CsrStrategy.find(csr, APPROVED).has("type") && CsrStrategy.find(csr, DENIED).has("type")) {
      faults.invalid(
          "status.conditions", DENIED, "Approved and Denied conditions are mutually exclusive");
    }
  }

  private static void validateSpec(ApiObject csr, Faults faults) {
    var signer = csr.at("/spec/signerName").asString("");
    checkSigner(signer, faults);
    checkUsages(csr, faults);
    checkRequest(csr.at("/spec/request").asString(""), signer, faults);
  }

  private static void checkSigner(String signer, Faults faults) {
    var slash = signer.indexOf('/');
    if (signer.equals("kubernetes.io/legacy-unknown")) {
      faults.invalid(
          "spec.signerName", signer, "the legacy signerName is not allowed via this API version");
    } else if (signer.length() > SIGNER_CHARACTERS_MAX) {
      faults.invalid(
          "spec.signerName",
          signer,
          "must be no more than " + SIGNER_CHARACTERS_MAX + " characters");
    } else if (!signer.isEmpty() && (slash <= 0 || slash != signer.lastIndexOf('/'))) {
      faults.invalid(
          "spec.signerName",
          signer,
          "must be a fully qualified domain and path of the form 'example.com/signer-name'");
    } else if (!signer.isEmpty()) {
      checkPart(signer, signer.substring(0, slash), faults);
      checkPart(signer, signer.substring(slash + 1), faults);
    }
  }

  private static void checkPart(String signer, String part, Faults faults) {
    NameRule.SUBDOMAIN.fault(part).ifPresent(why -> faults.invalid("spec.signerName", signer, why));
  }

  private static void checkUsages(ApiObject csr, Faults faults) {
    var usages = csr.at("/spec/usages");
    if (usages.isEmpty()) {
      faults.required("spec.usages", "usages must not be empty");
    }
    var seen = new LinkedHashSet<String>();
    var index = 0;
    for (var node : usages) {
      var usage = node.asString("");
      var path = "spec.usages[" + index++ + "]";
      if (!USAGES.contains(usage)) {
        faults.notSupported(path, usage, USAGES);
      } else if (!seen.add(usage)) {
        faults.invalid(path, usage, "must stand here once only");
      }
    }
  }

  private static void checkRequest(String encoded, String signer, Faults faults) {
    if (encoded.isEmpty()) {
      return;
    }
    try {
      var pem = new String(Base64.getDecoder().decode(encoded), StandardCharsets.US_ASCII);
      var asked = CertificateRequest.parse(pem);
      if (signer.equals(CLIENT_SIGNER)
          && asked.identity().organisations().contains(Caller.MASTERS)) {
        faults.forbidden(
            "spec.request",
            "use of " + CLIENT_SIGNER + " signer with system:masters group is not allowed");
      }
    } catch (BadRequestPem | IllegalArgumentException e) {
      faults.invalid(
          "spec.request",
          "<value omitted>",
          Objects.requireNonNullElse(e.getMessage(), "unreadable"));
    }
  }

  /// @param decisions condition types that stay once they are there
  static void validateChange(ApiObject old, ApiObject next, List<String> decisions, Faults faults) {
    for (var type : decisions) {
      var before = CsrStrategy.find(old, type);
      var after = CsrStrategy.find(next, type);
      if (before.has("type") && !after.has("type")) {
        faults.forbidden(
            "status.conditions", "updates may not remove a condition of type \"" + type + "\"");
      }
      if (after.has("type") && !after.path("status").asString("").equals("True")) {
        faults.notSupported(
            "status.conditions[" + type + "].status",
            after.path("status").asString(""),
            List.of("True"));
      }
    }
    var issued = old.at("/status/certificate").asString("");
    if (!issued.isEmpty() && !issued.equals(next.at("/status/certificate").asString(""))) {
      faults.forbidden(
          "status.certificate",
          "updates may not set certificate content to a different value once it is set");
    }
  }
}
