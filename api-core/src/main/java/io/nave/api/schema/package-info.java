/// What objects of a kind may hold: structural OpenAPI v3 schemas, as CustomResourceDefinitions
/// carry them.
///
/// A kind is a record, and its schema comes from it: [Schemas#of] reads the components, their Java
/// types and the annotations here. On a component: [Doc], [Required], [Default], [OneOf],
/// [Pattern], [Format], [Length], [Range], [Items], [ListMap], [ListSet], [ListAtomic],
/// [MapAtomic], [IntOrString], [Embedded], [Preserve] and [Rule]. [Schema] is the result, and also
/// what a user's own CRD holds; [Validation#admit] prunes, defaults and validates an object by it;
/// [Crds] renders the whole CustomResourceDefinition; a [Shape] says what of its values has an
/// owner of its own.
///
/// [Pattern], [Length], [Range], [Format] and [OneOf] may also stand on the element of a list or
/// map: `List<@Pattern("...") String>`. [IntOrString], [Embedded] and [Preserve] on a list or map
/// are about its elements.
@NullMarked
package io.nave.api.schema;

import org.jspecify.annotations.NullMarked;
