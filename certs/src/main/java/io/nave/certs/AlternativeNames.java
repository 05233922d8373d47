package io.nave.certs;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.ASN1IA5String;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;

/// Subject alternative names, to text and from text. Never asks a name server.
final class AlternativeNames {
  private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
  private static final Pattern DNS =
      Pattern.compile("(\\*\\.)?[a-zA-Z0-9]([-_a-zA-Z0-9.]*[a-zA-Z0-9])?");
  private static final int DNS_CHARS_MAX = 253;

  private AlternativeNames() {}

  /// @throws IllegalArgumentException naming the entry that is neither address nor host name
  static GeneralNames of(List<String> hosts) {
    return new GeneralNames(hosts.stream().map(AlternativeNames::of).toArray(GeneralName[]::new));
  }

  /// `DNS:…`, `IP:…`, `URI:…` or `email:…`; other kinds by their tag number.
  ///
  /// @throws IllegalArgumentException when an address has neither 4 nor 16 bytes
  static String text(GeneralName name) {
    return switch (name.getTagNo()) {
      case GeneralName.dNSName -> "DNS:" + ia5(name);
      case GeneralName.uniformResourceIdentifier -> "URI:" + ia5(name);
      case GeneralName.rfc822Name -> "email:" + ia5(name);
      case GeneralName.iPAddress -> "IP:" + address(name);
      default -> "other:" + name.getTagNo();
    };
  }

  private static GeneralName of(String host) {
    // A colon is in no host name, and InetAddress reads "1.2" as an address that nobody meant.
    if (host.indexOf(':') >= 0 || IPV4.matcher(host).matches()) {
      var bytes = InetAddress.ofLiteral(host).getAddress();
      return new GeneralName(GeneralName.iPAddress, new DEROctetString(bytes));
    }
    if (host.length() > DNS_CHARS_MAX || !DNS.matcher(host).matches()) {
      throw new IllegalArgumentException(
          "a serving name must be an IP address or a DNS name, was \"" + host + "\"");
    }
    return new GeneralName(GeneralName.dNSName, host);
  }

  private static String ia5(GeneralName name) {
    return ASN1IA5String.getInstance(name.getName()).getString();
  }

  private static String address(GeneralName name) {
    try {
      return InetAddress.getByAddress(ASN1OctetString.getInstance(name.getName()).getOctets())
          .getHostAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("asks for an IP address of a wrong length", e);
    }
  }
}
