/// The kinds every server has.
///
/// Start at [CoreKinds], the list of them; [Namespace], [ConfigMap], [Secret], [ServiceAccount],
/// [Lease] and [CertificateSigningRequest] are records and so have schemas, events and access
/// reviews are taken as they come. A `…Strategy` holds what is special about its kind.
@NullMarked
package io.nave.apiserver.kinds;

import org.jspecify.annotations.NullMarked;
