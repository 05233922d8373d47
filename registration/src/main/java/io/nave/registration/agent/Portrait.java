package io.nave.registration.agent;

import io.nave.api.Absent;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;

/// What a cluster shows of itself on the hub beside what its agent reads in it (spec §3.3, §3.7).
///
/// @param annotations put on the ManagedCluster when it is created; each begins with
///   `agent.open-cluster-management.io/`
/// @param urls under which others reach the cluster's API, https only
/// @param claimsMax most claims reported beyond the reserved ones
/// @param reservedSuffixes claims whose names end with one of these are always reported
public record Portrait(
    Map<String, String> annotations,
    List<String> urls,
    int claimsMax,
    List<String> reservedSuffixes) {
  /// Most claims beyond the reserved ones, as upstream's agents send.
  public static final int CLAIMS_MAX = 20;

  private static final String PREFIX = "agent.open-cluster-management.io/";
  private static final int SUFFIXES_MAX = 10;
  private static final int SUFFIX_CHARS_MAX = 64;

  /// @throws IllegalArgumentException naming what cannot be shown
  public Portrait {
    annotations = Absent.sorted(annotations);
    urls = List.copyOf(urls);
    reservedSuffixes = List.copyOf(reservedSuffixes);
    for (var name : annotations.keySet()) {
      if (!name.startsWith(PREFIX)) {
        throw new IllegalArgumentException(
            "a cluster's annotation must begin with " + PREFIX + ", was \"" + name + "\"");
      }
    }
    for (var url : urls) {
      if (!https(url)) {
        throw new IllegalArgumentException(
            "the cluster's URL must be a valid https URL, was \"" + url + "\"");
      }
    }
    if (claimsMax < 0) {
      throw new IllegalArgumentException(
          "the most claims to report must be 0 or more, was " + claimsMax);
    }
    if (reservedSuffixes.size() > SUFFIXES_MAX) {
      throw new IllegalArgumentException(
          "at most %d suffixes of claims, were %d"
              .formatted(SUFFIXES_MAX, reservedSuffixes.size()));
    }
    for (var suffix : reservedSuffixes) {
      if (suffix.isEmpty() || suffix.length() > SUFFIX_CHARS_MAX) {
        throw new IllegalArgumentException(
            "a suffix of claims must have 1 to %d characters, was \"%s\""
                .formatted(SUFFIX_CHARS_MAX, suffix));
      }
    }
  }

  /// Nothing of its own, and the usual number of claims.
  public static Portrait plain() {
    return new Portrait(Map.of(), List.of(), CLAIMS_MAX, List.of());
  }

  private static boolean https(String url) {
    try {
      var uri = new URI(url);
      return "https".equals(uri.getScheme()) && uri.getHost() != null;
    } catch (URISyntaxException e) {
      return false;
    }
  }
}
