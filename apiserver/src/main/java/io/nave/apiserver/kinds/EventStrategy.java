package io.nave.apiserver.kinds;

import io.nave.api.ApiObject;
import io.nave.apiserver.admission.Admission.Request;
import io.nave.apiserver.registry.Faults;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Events, in the vocabulary of core `v1`.
final class EventStrategy extends BuiltIn {
  private static final List<String> FIRST_SEEN =
      List.of("/firstTimestamp", "/deprecatedFirstTimestamp", "/eventTime");

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

  /// The columns without a path, in their order, of either form of an event; as kube-apiserver
  /// fills them.
  static List<Object> cells(ApiObject event) {
    return List.of(
        lastSeen(event),
        about(event),
        source(event),
        first(event, FIRST_SEEN),
        count(event),
        event.name());
  }

  private static String lastSeen(ApiObject event) {
    var places = new ArrayList<>(List.of("/series/lastObservedTime"));
    places.addAll(List.of("/lastTimestamp", "/deprecatedLastTimestamp"));
    places.addAll(FIRST_SEEN);
    return first(event, places);
  }

  /// What stands at the first of these places that has something.
  private static String first(ApiObject event, List<String> places) {
    return places.stream()
        .map(place -> event.at(place).asString(""))
        .filter(text -> !text.isEmpty())
        .findFirst()
        .orElse("");
  }

  private static String about(ApiObject event) {
    var object =
        event.json().has("regarding") ? event.at("/regarding") : event.at("/involvedObject");
    var kind = object.path("kind").asString("").toLowerCase(Locale.ROOT);
    var name = object.path("name").asString("");
    return name.isEmpty() ? kind : kind + "/" + name;
  }

  private static String source(ApiObject event) {
    var component =
        first(
            event,
            List.of(
                "/source/component",
                "/deprecatedSource/component",
                "/reportingComponent",
                "/reportingController"));
    var instance =
        first(event, List.of("/source/host", "/deprecatedSource/host", "/reportingInstance"));
    return instance.isEmpty() ? component : component + ", " + instance;
  }

  private static long count(ApiObject event) {
    for (var place : List.of("/series/count", "/count", "/deprecatedCount")) {
      var count = event.at(place).asLong(0);
      if (count > 0) {
        return count;
      }
    }
    return 1;
  }
}
