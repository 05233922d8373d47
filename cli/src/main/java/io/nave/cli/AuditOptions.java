package io.nave.cli;

import io.nave.api.ApiError;
import io.nave.apiserver.audit.AuditLog;
import io.nave.apiserver.audit.AuditPolicy;
import io.nave.runtime.RealHost;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What the hub's audit log holds and for how long, by the flags of kube-apiserver.
final class AuditOptions {
  @Option(
      names = "--audit-policy-file",
      paramLabel = "FILE",
      description =
          "An audit.k8s.io/v1 Policy. Default: every write but lease renewals, without bodies.")
  private @Nullable Path policyFile;

  @Option(
      names = "--audit-log-maxsize",
      paramLabel = "MB",
      description = "A file is rotated away at this size. Default: ${DEFAULT-VALUE}.")
  private int megabytes = (int) (AuditLog.Keeping.USUAL.bytesMax() >> 20);

  @Option(
      names = "--audit-log-maxage",
      paramLabel = "DAYS",
      description = "Rotated files are removed after this; 0 for never. Default: ${DEFAULT-VALUE}.")
  private int days = (int) AuditLog.Keeping.USUAL.ageMax().toDays();

  @Option(
      names = "--audit-log-maxbackup",
      paramLabel = "N",
      description = "Most rotated files kept; 0 for all. Default: ${DEFAULT-VALUE}.")
  private int files = AuditLog.Keeping.USUAL.filesMax();

  @Option(
      names = "--audit-log-compress",
      arity = "0..1",
      fallbackValue = "true",
      paramLabel = "true|false",
      description = "Rotated files are kept as gzip. Default: ${DEFAULT-VALUE}.")
  private boolean compress = AuditLog.Keeping.USUAL.compress();

  /// @throws CommandFault when the file is no policy
  AuditPolicy policy() {
    if (policyFile == null) {
      return AuditPolicy.DEFAULT;
    }
    try (var host = RealHost.start("settings")) {
      var bytes =
          host.disk()
              .read(policyFile)
              .orElseThrow(
                  () -> new CommandFault("--audit-policy-file: there is no file " + policyFile));
      return AuditPolicy.parse(new String(bytes, StandardCharsets.UTF_8));
    } catch (ApiError e) {
      throw new CommandFault("--audit-policy-file: " + policyFile + ": " + e.getMessage());
    }
  }

  /// @throws CommandFault when a number is out of range
  AuditLog.Keeping keeping() {
    if (megabytes < 1 || megabytes > 1_024 || days < 0 || files < 0) {
      throw new CommandFault(
          "--audit-log-maxsize must be 1 to 1024, --audit-log-maxage and --audit-log-maxbackup 0 or"
              + " more");
    }
    return new AuditLog.Keeping((long) megabytes << 20, Duration.ofDays(days), files, compress);
  }
}
