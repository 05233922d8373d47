package io.nave.apiserver.audit;

/// How much of a request is recorded, in upstream's order.
public enum AuditLevel {
  NONE("None"),
  /// Who, what and how it ended.
  METADATA("Metadata"),
  /// And the object as it was sent.
  REQUEST("Request"),
  /// And the object as it was answered.
  REQUEST_RESPONSE("RequestResponse");

  private final String text;

  AuditLevel(String text) {
    this.text = text;
  }

  /// As policies and events say it.
  public String text() {
    return text;
  }

  public boolean atLeast(AuditLevel other) {
    return compareTo(other) >= 0;
  }
}
