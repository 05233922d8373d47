package io.nave.apiserver.kinds;

import static io.nave.apiserver.kinds.CertificateSigningRequest.FAILED;

import io.nave.api.ApiError;
import io.nave.api.Json;
import io.nave.apiserver.Api;
import io.nave.apiserver.admission.Admission.Request;

/// Who may decide about the requests of a signer and who may answer them: verbs on the resource
/// `signers` of the name `domain/path`, or `domain/*`.
final class CsrRights {
  private CsrRights() {}

  /// @throws ApiError Forbidden
  static void checkApprove(Request request) {
    check(request, "approve");
  }

  /// Only a certificate, or a failure to make one, is the signer's word.
  ///
  /// @throws ApiError Forbidden
  static void checkSign(Request request) {
    var old = request.old();
    if (old == null) {
      return;
    }
    var next = request.object();
    var answered =
        !Json.same(old.at("/status/certificate"), next.at("/status/certificate"))
            || !Json.same(CsrStrategy.find(old, FAILED), CsrStrategy.find(next, FAILED));
    if (answered) {
      check(request, "sign");
    }
  }

  private static void check(Request request, String verb) {
    var signer = request.object().at("/spec/signerName").asString("");
    var domain = signer.substring(0, Math.max(0, signer.indexOf('/')));
    if (!may(request, verb, signer) && !may(request, verb, domain + "/*")) {
      throw ApiError.forbidden(
          request.type(),
          request.object().name(),
          "user not permitted to " + verb + " requests with signerName \"" + signer + "\"");
    }
  }

  private static boolean may(Request request, String verb, String name) {
    return request.may(
        new Api.Attributes(verb, CertificateSigningRequest.GROUP, "signers", "", "", name, ""));
  }
}
