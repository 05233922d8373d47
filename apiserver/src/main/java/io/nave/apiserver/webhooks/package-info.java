/// Admission webhooks: servers outside that may change or refuse what is about to be written.
///
/// Start at [WebhookAdmission]; then `Registered` (which webhooks are asked, see
/// [io.nave.apiserver.matching.Match]) and `WebhookCall` (one question and its answer).
/// [WebhookKinds] are the kinds that configure them, `WebhookStrategy` what may stand there. The
/// words of refusals are Kubernetes'.
@NullMarked
package io.nave.apiserver.webhooks;

import org.jspecify.annotations.NullMarked;
