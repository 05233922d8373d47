/// Which requests somebody is asked about, and how a request is told to him: what admission
/// webhooks and admission policies share.
///
/// Start at [Match], made of [MatchRule]s and selectors; [RequestFacts] is the request as an
/// `AdmissionRequest` tells it, [Conditions] are CEL expressions over it, and [RequestAuthorizer]
/// is what these ask about who may what. All of it is pure.
@NullMarked
package io.nave.apiserver.matching;

import org.jspecify.annotations.NullMarked;
