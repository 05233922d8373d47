package io.nave.apiserver.definitions;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.apiserver.admission.Admission.Operation;
import io.nave.apiserver.admission.Admission.Request;
import io.nave.apiserver.definitions.CustomResourceDefinition.SelectableField;
import io.nave.apiserver.definitions.CustomResourceDefinition.Version;
import io.nave.apiserver.registry.ScaleView;
import io.nave.apiserver.registry.Strategy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Objects of a defined kind, in one of its versions.
final class DefinedStrategy implements Strategy {
  private final VersionedType own;
  private final boolean terminating;
  private final boolean served;
  private final List<String> selectable;
  private final List<String> warnings;
  private final Conversions.Between conversion;
  private final @Nullable ScaleView scale;
  private final long since;

  /// @param since objects of a later revision were stored by this very definition, and so need not
  ///   be looked through
  DefinedStrategy(
      long since,
      VersionedType own,
      CustomResourceDefinition definition,
      Version version,
      Conversions.Between conversion) {
    this.since = since;
    this.own = own;
    this.conversion = conversion;
    this.terminating = definition.is(CustomResourceDefinition.TERMINATING);
    this.served = version.served();
    this.selectable =
        version.selectableFields().stream()
            .map(SelectableField::jsonPath)
            .map(path -> path.startsWith(".") ? path.substring(1) : path)
            .toList();
    var sides = version.subresources();
    var scaled = sides == null ? null : sides.scale();
    this.scale =
        scaled == null
            ? null
            : ScaleView.of(
                scaled.specReplicasPath(), scaled.statusReplicasPath(), scaled.labelSelectorPath());
    this.warnings = version.deprecated() ? List.of(deprecation(version)) : List.of();
  }

  private String deprecation(Version version) {
    var said = version.deprecationWarning();
    return said != null
        ? said
        : own.type().apiVersion() + " " + own.type().kind() + " is deprecated";
  }

  @Override
  public boolean served() {
    return served;
  }

  @Override
  public List<String> selectableFields() {
    return selectable;
  }

  @Override
  public List<String> warnings() {
    return warnings;
  }

  @Override
  public @Nullable ScaleView scale() {
    return scale;
  }

  @Override
  public ApiObject revised(ApiObject stored) {
    if (stored.revision() > since && own.holds(stored)) {
      return stored;
    }
    return own.revised(conversion.convert(stored, own));
  }

  @Override
  public ApiObject prepare(Request request) {
    if (terminating && request.operation() == Operation.CREATE) {
      throw ApiError.methodNotAllowed(
          "create not allowed while custom resource definition is terminating");
    }
    return request.object();
  }
}
