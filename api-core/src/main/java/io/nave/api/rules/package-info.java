/// The rules of schemas: `x-kubernetes-validations`, in CEL.
///
/// Start at [SchemaRules]: it compiles all rules of a schema once and holds objects against them.
/// `RuleValues` turns a value into what CEL sees of it, by its schema; [RuleReview] looks at the
/// rules themselves when a schema is written. Where a schema has no rule
/// ([io.nave.api.schema.Schema#ruled]) nothing here is to be named: it loads CEL.
///
/// Follows kube-apiserver's custom resource validation, messages included.
@NullMarked
package io.nave.api.rules;

import org.jspecify.annotations.NullMarked;
