package io.nave.apiserver.registry;

import java.util.Optional;
import java.util.regex.Pattern;

/// What an object of a kind may be called.
public enum NameRule {
  /// A DNS-1123 subdomain: most kinds.
  SUBDOMAIN(
      253,
      "[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*",
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or"
          + " '.', and must start and end with an alphanumeric character (e.g. 'example.com',"
          + " regex used for validation is"
          + " '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"),
  /// A DNS-1123 label: namespaces, and what becomes one.
  LABEL(
      63,
      "[a-z0-9]([-a-z0-9]*[a-z0-9])?",
      "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and"
          + " must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc',"
          + " regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"),
  /// Whatever can stand between two slashes of a path: the RBAC kinds.
  PATH_SEGMENT(
      Integer.MAX_VALUE,
      "(?!\\.{1,2}$)[^/%]+",
      "may not be '.' or '..' and may not contain '/' or '%'");

  private final int charactersMax;
  private final Pattern pattern;
  private final String hint;

  NameRule(int charactersMax, String pattern, String hint) {
    this.charactersMax = charactersMax;
    this.pattern = Pattern.compile(pattern);
    this.hint = hint;
  }

  /// What is wrong with the name, in Kubernetes' words; empty when it is a good one.
  public Optional<String> fault(String name) {
    if (name.length() > charactersMax) {
      return Optional.of("must be no more than " + charactersMax + " characters");
    }
    return pattern.matcher(name).matches() ? Optional.empty() : Optional.of(hint);
  }
}
