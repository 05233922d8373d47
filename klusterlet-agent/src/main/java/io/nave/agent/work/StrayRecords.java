package io.nave.agent.work;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.runtime.Host;
import io.nave.runtime.Transport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Clears away what the agent applied under an address its hub no longer has (spec/ocm-behaviour.md
/// §6.9): the same works come anew from the new address and own the objects too; without this, an
/// object deleted on the hub would stay for ever with its former owner.
///
/// By the rules of [Eviction]: after an hour when the work is applied from the new address, else
/// only when the user set a grace period, and never on the word of a hub that is silent or has no
/// works at all.
final class StrayRecords {
  private static final Logger LOG = LoggerFactory.getLogger(StrayRecords.class);

  private final Host host;
  private final WorkSettings settings;
  private final AppliedRecords records;
  private final Eviction eviction;
  private final Cleaner cleaner;

  StrayRecords(
      Host host,
      WorkSettings settings,
      AppliedRecords records,
      Eviction eviction,
      Cleaner cleaner) {
    this.host = host;
    this.settings = settings;
    this.records = records;
    this.eviction = eviction;
    this.cleaner = cleaner;
  }

  /// Looks from time to time until its task is cancelled.
  void run() {
    while (true) {
      host.sleep(settings.resync());
      try {
        records.strays().forEach(this::look);
      } catch (Transport.Unreachable | ApiError e) {
        LOG.atDebug().addKeyValue("reason", e.getMessage()).log("looking again later");
      }
    }
  }

  private void look(ApiObject record) {
    var work = AppliedRecords.read(record).spec().manifestWorkName();
    if (eviction.lookAtStray(work, record) instanceof Eviction.Stage.Waiting) {
      return;
    }
    var marked = records.delete(record);
    var status = AppliedRecords.read(marked).status();
    var pending = cleaner.remove(status.appliedResources(), marked.uid(), null);
    var written = records.write(marked, pending, status.evictionStartTime());
    if (pending.isEmpty()) {
      records.release(written);
    }
  }
}
