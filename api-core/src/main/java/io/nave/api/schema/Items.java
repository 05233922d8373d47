package io.nave.api.schema;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Bounds, both inclusive, on the number of elements of a list or entries of a map.
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT})
public @interface Items {
  int min() default 0;

  int max() default Integer.MAX_VALUE;
}
