package io.nave.api;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Arrays;
import java.util.List;

/// Marks a record as an API kind. The record is the one source of its CRD: schema, defaults,
/// validation, printer columns and documentation are read from it (DESIGN D9).
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Kind {
  String group();

  String version();

  String plural();

  String[] shortNames() default {};

  String[] categories() default {};

  boolean namespaced() default true;

  boolean status() default true;

  PrintColumn[] columns() default {};

  /// See [ResourceType.Column].
  @Retention(RetentionPolicy.RUNTIME)
  @Target({})
  @interface PrintColumn {
    String name();

    String type() default "string";

    String path();

    int priority() default 0;
  }

  /// Reads the annotation; once for each record.
  final class Types {
    private static final ClassValue<ResourceType> TYPES =
        new ClassValue<>() {
          @Override
          protected ResourceType computeValue(Class<?> type) {
            return read(type);
          }
        };

    private Types() {}

    static ResourceType of(Class<?> type) {
      return TYPES.get(type);
    }

    private static ResourceType read(Class<?> type) {
      var kind = type.getAnnotation(Kind.class);
      if (kind == null) {
        throw new IllegalArgumentException(type.getName() + " carries no @Kind");
      }
      return new ResourceType(
          kind.group(),
          kind.version(),
          type.getSimpleName(),
          kind.plural(),
          List.of(kind.shortNames()),
          List.of(kind.categories()),
          kind.namespaced(),
          kind.status(),
          Arrays.stream(kind.columns())
              .map(c -> new ResourceType.Column(c.name(), c.type(), c.path(), c.priority()))
              .toList());
    }
  }
}
