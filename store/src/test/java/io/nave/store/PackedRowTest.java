package io.nave.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PackedRowTest {
  private static byte[] repeating(int size) {
    var text = new StringBuilder("{");
    for (var i = 0; text.length() < size - 1; i++) {
      text.append("\"type\":\"Applied\",\"n\":").append(i).append(',');
    }
    return Arrays.copyOf(text.toString().getBytes(UTF_8), size);
  }

  @ParameterizedTest
  @ValueSource(ints = {PackedRow.SIZE_MIN, 5000, 100_000, 1_500_000})
  void whatIsPackedIsSmallAndComesBackAsItWas(int size) {
    byte[] value = repeating(size);
    try (var packer = new PackedRow.Packer()) {
      for (var i = 0; i < 2; i++) {
        byte[] kept = packer.pack(value);
        assertThat(PackedRow.isPacked(kept)).isTrue();
        assertThat(kept.length).isLessThan(size / 2);
        var packed = new PackedRow(kept);
        assertThat(packed.size()).isEqualTo(size);
        assertThat(packed.bytes()).isEqualTo(value);
      }
    }
  }

  @Test
  void whatIsSmallSealedOrNotSmallerIsLeftAsItIs() {
    byte[] noise = new byte[8000];
    new Random(1).nextBytes(noise);
    noise[0] = '{';
    byte[] sealed = repeating(5000);
    sealed[0] = 'N';
    try (var packer = new PackedRow.Packer()) {
      for (byte[] value : new byte[][] {repeating(PackedRow.SIZE_MIN - 24), sealed, noise}) {
        assertThat(packer.pack(value)).isSameAs(value);
        assertThat(PackedRow.isPacked(value)).isFalse();
      }
    }
  }

  @Test
  void aPackedRowThatDoesNotHoldWhatItSaysIsBroken() {
    try (var packer = new PackedRow.Packer()) {
      byte[] kept = packer.pack(repeating(5000));
      assertThatThrownBy(() -> new PackedRow(Arrays.copyOf(kept, kept.length - 20)).bytes())
          .isInstanceOf(StoreBroken.class);
      kept[4]++;
      assertThatThrownBy(() -> new PackedRow(kept).bytes()).isInstanceOf(StoreBroken.class);
    }
  }
}
