package io.nave.certs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nave.certs.Rotation.Decision.Keep;
import io.nave.certs.Rotation.Decision.Renew;
import io.nave.certs.Rotation.Reason;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RotationTest {
  /// Valid from 23:55:00 for 6000 s, to 01:35:00: a fifth of it is 1200 s, a quarter 1500 s.
  private final X509Certificate certificate =
      Samples.authority(new FixedHost(1))
          .issueClient(Samples.AGENT, Samples.keys(2), Duration.ofSeconds(5700))
          .certificate();

  @ParameterizedTest(name = "at {0} with draw {1}: {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          2026-12-31T23:54:59Z | 0   | NOT_YET_VALID
          2026-12-31T23:55:00Z | 0   | keep
          2027-01-01T01:14:59Z | 0   | keep
          2027-01-01T01:15:00Z | 0   | AGED
          2027-01-01T01:12:29Z | 0.5 | keep
          2027-01-01T01:12:30Z | 0.5 | AGED
          2027-01-01T01:10:00Z | 0.9999999 | keep
          2027-01-01T01:10:01Z | 0.9999999 | AGED
          2027-01-01T01:35:00Z | 0   | AGED
          2027-01-01T01:35:01Z | 0   | EXPIRED
          """)
  void decidesByTheShareOfLifeLeft(Instant now, double draw, String expected) {
    var decision = Rotation.decide(certificate, Samples.AGENT, now, draw);

    if (expected.equals("keep")) {
      assertThat(decision).isInstanceOf(Keep.class);
    } else {
      assertThat(decision).isEqualTo(new Renew(Reason.valueOf(expected)));
    }
  }

  @Test
  void saysWhenToLookAgain() {
    assertThat(Rotation.decide(certificate, Samples.AGENT, FixedHost.NOW, 0.5))
        .isEqualTo(new Keep(Instant.parse("2027-01-01T01:12:30Z")));
  }

  @Test
  void renewsWhatIsMissingOrNamesSomeoneElse() {
    var reordered = new Identity(Samples.USER, Samples.GROUPS.reversed());
    var fewer = new Identity(Samples.USER, Samples.GROUPS.subList(0, 1));
    var other = new Identity("someone", Samples.GROUPS);

    assertThat(decide(null, Samples.AGENT)).isEqualTo(new Renew(Reason.MISSING));
    assertThat(decide(certificate, other)).isEqualTo(new Renew(Reason.SUBJECT_DIFFERS));
    assertThat(decide(certificate, fewer)).isEqualTo(new Renew(Reason.SUBJECT_DIFFERS));
    assertThat(decide(certificate, reordered)).isInstanceOf(Keep.class);
  }

  @Test
  void aDrawOutsideItsRangeIsAMistake() {
    for (double draw : List.of(-0.1, 1.0, Double.NaN).stream().mapToDouble(d -> d).toArray()) {
      assertThatThrownBy(() -> Rotation.decide(certificate, Samples.AGENT, FixedHost.NOW, draw))
          .hasMessageContaining("[0,1)");
    }
  }

  private static Rotation.Decision decide(X509Certificate certificate, Identity wanted) {
    return Rotation.decide(certificate, wanted, FixedHost.NOW, 0);
  }
}
