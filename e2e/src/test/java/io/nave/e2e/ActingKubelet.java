package io.nave.e2e;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.runtime.Parts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Says of pods of clusters without nodes what their kubelets would: that they run, or have done
/// what their Job wanted; but for those whose image is called `fail`.
final class ActingKubelet implements AutoCloseable {
  private static final ResourceType PODS = ResourceType.of("", "v1", "Pod", "pods", true);

  private final Parts parts = new Parts();
  private final List<Remote> clusters = new ArrayList<>();

  ActingKubelet(List<Path> kubeconfigs) {
    kubeconfigs.forEach(each -> clusters.add(parts.open(Remote.open(each))));
  }

  /// Looks once at every pod.
  void look() {
    for (var cluster : clusters) {
      for (var pod : cluster.client().list(PODS, "", Selection.all()).items()) {
        var phase = phase(pod);
        if (!isFailing(pod) && !pod.at("/status/phase").asString("").equals(phase)) {
          say(cluster, pod, phase);
        }
      }
    }
  }

  private static String phase(ApiObject pod) {
    var ends = pod.owners().stream().anyMatch(owner -> owner.kind().equals("Job"));
    return ends ? "Succeeded" : "Running";
  }

  private static boolean isFailing(ApiObject pod) {
    return pod.at("/spec/containers/0/image").asString("").startsWith("fail:");
  }

  private static void say(Remote cluster, ApiObject pod, String phase) {
    try {
      cluster.client().patch(PODS, pod.key(), "status", status(phase));
    } catch (ApiError e) {
      if (!e.is(ApiError.Reason.NOT_FOUND)) { // its controller may have taken it away meanwhile
        throw e;
      }
    }
  }

  private static Patch status(String phase) {
    return Patch.merge(body -> {
      var status = body.putObject("status").put("phase", phase);
      status
          .putArray("conditions")
          .addObject()
          .put("type", "Ready")
          .put("status", phase.equals("Running") ? "True" : "False");
    });
  }

  @Override
  public void close() {
    parts.close();
  }
}
