package io.nave.apiserver.kinds;

import io.nave.api.ApiObject;
import io.nave.apiserver.admission.Admission.Request;
import io.nave.apiserver.registry.Faults;
import java.util.List;
import java.util.Locale;

/// Events, in the vocabulary of core `v1`.
final class EventStrategy extends BuiltIn {
  @Override
  public boolean createsOnUpdate() {
    return true;
  }

  @Override
  public List<String> selectableFields() {
    return List.of(
        "involvedObject.kind",
        "involvedObject.namespace",
        "involvedObject.name",
        "involvedObject.uid",
        "involvedObject.apiVersion",
        "involvedObject.resourceVersion",
        "involvedObject.fieldPath",
        "regarding.kind",
        "regarding.namespace",
        "regarding.name",
        "regarding.uid",
        "reason",
        "reportingComponent",
        "reportingController",
        "source",
        "type");
  }

  @Override
  public void validate(Request request, Faults faults) {
    var event = request.object();
    var about = event.at("/involvedObject/namespace").asString("");
    if (!about.isEmpty() && !about.equals(event.namespace())) {
      faults.invalid(
          "involvedObject.namespace",
          about,
          "does not match event.namespace \"" + event.namespace() + "\"");
    }
  }

  /// When it was last seen, and what it is about.
  static List<Object> cells(ApiObject event) {
    return List.of(lastSeen(event), about(event));
  }

  private static String lastSeen(ApiObject event) {
    for (var place :
        List.of("/series/lastObservedTime", "/lastTimestamp", "/eventTime", "/firstTimestamp")) {
      var time = event.at(place).asString("");
      if (!time.isEmpty()) {
        return time;
      }
    }
    return event.metadata().path("creationTimestamp").asString("");
  }

  private static String about(ApiObject event) {
    var object =
        event.json().has("regarding") ? event.at("/regarding") : event.at("/involvedObject");
    return object.path("kind").asString("").toLowerCase(Locale.ROOT)
        + "/"
        + object.path("name").asString("");
  }
}
