package io.nave.api.schema;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// A CEL rule on a field or, on a record, on every value of its type; `self` is that value.
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.TYPE})
@Repeatable(Rule.All.class)
public @interface Rule {
  String rule();

  /// What a person is told when the rule does not hold.
  String message();

  /// Holder of several rules; written by the compiler.
  @Retention(RetentionPolicy.RUNTIME)
  @Target({ElementType.RECORD_COMPONENT, ElementType.TYPE})
  @interface All {
    Rule[] value();
  }
}
