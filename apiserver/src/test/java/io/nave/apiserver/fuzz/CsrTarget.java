package io.nave.apiserver.fuzz;

import static io.nave.apiserver.fuzz.FuzzTarget.require;

import io.nave.certs.BadPem;
import io.nave.certs.BadRequestPem;
import io.nave.certs.CertificateRequest;
import io.nave.certs.Certificates;
import io.nave.certs.Pem;

/// Certificate requests, and the certificates of a `caBundle`. An input is PEM, or the DER that
/// goes into it.
final class CsrTarget implements FuzzTarget {
  @Override
  public void feed(byte[] input) {
    var text = FuzzTarget.text(input);
    if (text.startsWith("-----")) {
      request(text);
      certificates(text);
    } else {
      request(new Pem("CERTIFICATE REQUEST", input).encode());
      certificates(new Pem("CERTIFICATE", input).encode());
    }
  }

  private static void request(String pem) {
    CertificateRequest request;
    try {
      request = CertificateRequest.parse(pem);
    } catch (BadRequestPem e) {
      return;
    }
    var again = CertificateRequest.parse(request.toPem());
    require(again.identity().equals(request.identity()), "another identity when read again");
    require(again.names().equals(request.names()), "other names when read again");
    require(again.publicKey().equals(request.publicKey()), "another key when read again");
  }

  private static void certificates(String pem) {
    try {
      for (var certificate : Certificates.parse(pem)) {
        Certificates.commonName(certificate);
        Certificates.fingerprint(certificate);
      }
    } catch (BadPem e) {
      return;
    }
  }
}
