package io.nave.cli;

import io.nave.apiserver.oidc.OidcSettings;
import io.nave.runtime.RealHost;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Users of an OpenID Connect issuer, by the flags of kube-apiserver.
final class OidcOptions {
  @Option(
      names = "--oidc-issuer-url",
      paramLabel = "URL",
      description = "Let in users with ID tokens of this OpenID Connect issuer.")
  private @Nullable String issuer;

  @Option(
      names = "--oidc-client-id",
      paramLabel = "ID",
      description = "The client the tokens are for; repeat for several.")
  private List<String> clients = new ArrayList<>();

  @Option(
      names = "--oidc-username-claim",
      paramLabel = "CLAIM",
      description = "The claim that is the user's name. Default: ${DEFAULT-VALUE}.")
  private String usernameClaim = "sub";

  @Option(
      names = "--oidc-username-prefix",
      paramLabel = "TEXT",
      description =
          "Stands before the user's name; - for nothing. Default: the issuer's URL and #, and"
              + " nothing before an email.")
  private String usernamePrefix = "";

  @Option(
      names = "--oidc-groups-claim",
      paramLabel = "CLAIM",
      description = "The claim that lists the user's groups.")
  private String groupsClaim = "";

  @Option(
      names = "--oidc-groups-prefix",
      paramLabel = "TEXT",
      description = "Stands before each group.")
  private String groupsPrefix = "";

  @Option(
      names = "--oidc-required-claim",
      paramLabel = "CLAIM=VALUE",
      description = "What a token must say; repeat for several.")
  private Map<String, String> required = new LinkedHashMap<>();

  @Option(
      names = "--oidc-signing-algs",
      paramLabel = "ALG",
      split = ",",
      description = "Accepted signatures. Default: ${DEFAULT-VALUE}.")
  private List<String> algorithms = new ArrayList<>(List.of("RS256"));

  @Option(
      names = "--oidc-ca-file",
      paramLabel = "FILE",
      description = "PEM: whom the issuer must be signed by. Default: whom Java trusts.")
  private @Nullable Path authorities;

  /// One issuer, or none.
  ///
  /// @throws CommandFault naming the flag that is wrong
  List<OidcSettings> settings() {
    if (issuer == null) {
      return List.of();
    }
    try {
      return List.of(settings(issuer));
    } catch (IllegalArgumentException e) {
      throw new CommandFault(String.valueOf(e.getMessage()));
    }
  }

  private OidcSettings settings(String url) {
    return new OidcSettings(
        url,
        clients,
        usernameClaim,
        usernamePrefix,
        groupsClaim,
        groupsPrefix,
        required,
        algorithms,
        authorities == null ? "" : read(authorities));
  }

  private static String read(Path file) {
    try (var host = RealHost.start("settings")) {
      return host.disk()
          .read(file)
          .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
          .orElseThrow(() -> new CommandFault("--oidc-ca-file: there is no file " + file));
    }
  }
}
