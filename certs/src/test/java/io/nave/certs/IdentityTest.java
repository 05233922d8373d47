package io.nave.certs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERPrintableString;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class IdentityTest {
  private final FixedHost host = new FixedHost(1);
  private final Authority authority = Samples.authority(host);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain",
        "#41",
        "a,O=system:masters",
        "a+O=system:masters",
        "back\\slash \"quoted\"",
        " led by a space",
        "Żółw 東 🐢",
        "system:open-cluster-management:a-cluster-name-that-is-longer-than-sixty-four:agent"
      })
  void aNameSurvivesTheCertificateAsItIs(String name) {
    var identity = new Identity(name, List.of(name, "second"));

    var credential = authority.issueClient(identity, Samples.keys(2), Samples.HOUR);

    assertThat(Identity.of(credential.certificate())).isEqualTo(identity);
  }

  @Test
  void partsWithSeveralValuesAreReadWhole() {
    var subject =
        new X500Name(
            new RDN[] {
              new RDN(
                  new AttributeTypeAndValue[] {
                    new AttributeTypeAndValue(BCStyle.O, new DERPrintableString("one")),
                    new AttributeTypeAndValue(BCStyle.CN, new DERUTF8String("user"))
                  }),
              new RDN(BCStyle.OU, new DERUTF8String("ignored")),
              new RDN(BCStyle.O, new DERUTF8String("two")),
              new RDN(BCStyle.O, new DERUTF8String("one"))
            });

    assertThat(Identity.of(subject)).isEqualTo(new Identity("user", List.of("one", "two")));
  }

  @Test
  void twoCommonNamesOrNoneAreRefused() {
    assertThatThrownBy(() -> Identity.of(new X500Name("CN=a,CN=b")))
        .hasMessageContaining("exactly one common name (CN), had 2");
    assertThatThrownBy(() -> Identity.of(new X500Name("O=a"))).hasMessageContaining("had 0");
  }

  @Test
  void aNameThatIsNotTextIsRefused() {
    var subject = new X500Name(new RDN[] {new RDN(BCStyle.CN, new DERBitString(new byte[] {65}))});

    assertThatThrownBy(() -> Identity.of(subject)).hasMessageContaining("not text");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  ", "admin\0", "two\nlines"})
  void blankAndUnprintableNamesAreRefused(String name) {
    assertThatThrownBy(() -> new Identity(name, List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("common name");
    assertThatThrownBy(() -> new Identity("ok", List.of(name)))
        .hasMessageContaining("organisation");
  }

  @Test
  void longNamesAndLongListsAreRefused() {
    var many = Collections.nCopies(65, "o").stream().map(each -> each + new Object()).toList();

    assertThatThrownBy(() -> new Identity("x".repeat(1025), List.of()))
        .hasMessageContaining("1 to 1024");
    assertThatThrownBy(() -> new Identity("ok", many)).hasMessageContaining("at most 64");
  }

  @Test
  void sameAsIgnoresTheOrderOfGroupsOnly() {
    var one = new Identity("u", List.of("a", "b"));

    assertThat(one.sameAs(new Identity("u", List.of("b", "a")))).isTrue();
    assertThat(one.sameAs(new Identity("u", List.of("a")))).isFalse();
    assertThat(one.sameAs(new Identity("v", List.of("a", "b")))).isFalse();
  }
}
