/// CustomResourceDefinitions: kinds that come and go while the server runs.
///
/// Start at [Definitions]: it holds the store's definitions against what the registry serves, on
/// start and after every change. In reading order: [CustomResourceDefinition] (the kind itself),
/// `DefinitionStrategy` and `DefinitionRules` (what one may say; `SchemaRulebook` and
/// `SchemaExtensions` are about its schemas), `Acceptance` (whose names count, and since when it is
/// served), `Definition` and `DefinedStrategy` (what a registry serves of it),
/// [DefinitionReconciler] (conditions, and the end of a deleted kind's objects). [OwnKinds] are the
/// kinds that belong to the program itself: they are defined from its records like any other.
///
/// Follows kube-apiserver's `apiextensions.k8s.io/v1`, reasons and messages included.
@NullMarked
package io.nave.apiserver.definitions;

import org.jspecify.annotations.NullMarked;
