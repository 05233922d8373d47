package io.nave.api.schema;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// The value an absent field gets, as a JSON literal: `"3"`, `"{}"`, `"[\"a\"]"`; text that is no
/// JSON literal stands for itself, so `@Default("Foreground")` is the text Foreground. Given only
/// where the field's parent is there.
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT})
public @interface Default {
  String value();
}
