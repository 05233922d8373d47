package io.nave.apiserver.audit;

import io.nave.api.Json;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// Where audit events go. Thread-safe; never waits.
public interface AuditSink {
  /// What is recorded of which requests.
  AuditPolicy policy();

  /// Takes an event, which the caller gives away.
  void record(ObjectNode event);

  /// Lines of the logger `audit` at INFO, by the default policy: for servers without a data folder.
  static AuditSink logger() {
    return new AuditSink() {
      private static final Logger LOG = LoggerFactory.getLogger("audit");

      @Override
      public AuditPolicy policy() {
        return LOG.isInfoEnabled() ? AuditPolicy.DEFAULT : AuditPolicy.NOTHING;
      }

      @Override
      public void record(ObjectNode event) {
        LOG.info(Json.text(event));
      }
    };
  }
}
