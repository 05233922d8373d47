package io.nave.apiserver.definitions;

import java.util.Comparator;
import java.util.regex.Pattern;

/// Kubernetes' order of API versions.
final class VersionOrder {
  private static final Pattern KUBE =
      Pattern.compile("v([1-9][0-9]{0,8})((alpha|beta)([1-9][0-9]{0,8}))?");

  /// `v2`, `v1`, `v1beta2`, `v1beta1`, `v1alpha1`, then all others by name.
  static final Comparator<String> NEWEST_FIRST = VersionOrder::compare;

  private VersionOrder() {}

  private static int compare(String a, String b) {
    var first = KUBE.matcher(a);
    var second = KUBE.matcher(b);
    var isFirst = first.matches();
    var isSecond = second.matches();
    if (!isFirst || !isSecond) {
      return isFirst ? -1 : isSecond ? 1 : a.compareTo(b);
    }
    var byLevel = Integer.compare(level(second.group(3)), level(first.group(3)));
    if (byLevel != 0) {
      return byLevel;
    }
    var byMajor = Integer.compare(number(second.group(1)), number(first.group(1)));
    return byMajor != 0
        ? byMajor
        : Integer.compare(number(second.group(4)), number(first.group(4)));
  }

  private static int level(@org.jspecify.annotations.Nullable String word) {
    return word == null ? 2 : word.equals("beta") ? 1 : 0;
  }

  private static int number(@org.jspecify.annotations.Nullable String digits) {
    return digits == null ? 0 : Integer.parseInt(digits);
  }
}
