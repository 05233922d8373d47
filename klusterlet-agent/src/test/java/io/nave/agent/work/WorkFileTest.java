package io.nave.agent.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nave.api.Json;
import io.nave.work.ManifestIdentity;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkFileTest {
  private static final String MANIFEST =
      "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'c','namespace':'n'},'data':{'k':'%s'}}";

  private static SavedWork saved() {
    var work =
        Bench.object(
            "{'metadata':{'name':'w','uid':'u'},'spec':{'workload':{'manifests':[%s]}},'status':{'x':1}}"
                .formatted(MANIFEST.formatted("new")));
    var old = Json.parse(MANIFEST.formatted("old").replace('\'', '"'));
    return new SavedWork(work, Map.of(ManifestIdentity.of(old), old));
  }

  @Test
  void givesBackWhatWasSaved() {
    assertThat(WorkFile.decode(WorkFile.encode(saved()))).isEqualTo(saved());
  }

  @Test
  void beginsWithItsNameAndChecksum() {
    var text = new String(WorkFile.encode(saved()), StandardCharsets.UTF_8);
    assertThat(text).matches("(?s)nave-work 1 [0-9a-f]{8}\n\\{.*");
  }

  @Test
  void believesNoDamagedFile() {
    var bytes = WorkFile.encode(saved());
    for (int i = 0; i < bytes.length; i++) {
      var damaged = bytes.clone();
      damaged[i] ^= 0x10;
      assertThatThrownBy(() -> WorkFile.decode(damaged)).isInstanceOf(WorkFile.Damaged.class);
    }
    for (var length : new int[] {0, 5, 21, bytes.length - 1}) {
      assertThatThrownBy(() -> WorkFile.decode(Arrays.copyOf(bytes, length)))
          .isInstanceOf(WorkFile.Damaged.class);
    }
  }
}
