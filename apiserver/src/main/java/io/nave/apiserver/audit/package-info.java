/// Who did what: the audit trail.
///
/// [AuditPolicy] says which requests leave a trace and how much of them, in the words of upstream's
/// `audit.k8s.io/v1` Policy. [AuditLog] writes `audit.k8s.io/v1` Events as JSON lines, chained by
/// hashes, into files that rotate and are packed then; [AuditFiles] finds those,
/// [AuditVerification] tells whether any entry was changed or taken away. [AuditSink] is what the
/// front door knows of it all.
///
/// ## The file
///
/// One entry a line, in UTF-8, each ending with a line feed. An entry is a JSON object whose last
/// field is `chain`:
///
/// ```
/// {"kind":"Event",...,"chain":{"seq":17,"prev":"<64 hex>","hash":"<64 hex>"}}
/// ```
///
/// `seq` counts from 1 without gaps over all files. `hash` is SHA-256 over `prev`, a space, `seq`,
/// a space and the bytes of the line before `,"chain"`; `prev` is the hash of the entry before, 64
/// zeros for the first. `audit.head` beside the file holds the last `seq` and `hash`, so that
/// entries missing at the end are noticed too. Note what `nave audit verify` prints somewhere else:
/// who can write to the folder can make a whole new chain, but not one with a hash you know.
@NullMarked
package io.nave.apiserver.audit;

import org.jspecify.annotations.NullMarked;
