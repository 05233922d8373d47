package io.nave.api;

import java.util.List;
import java.util.Locale;

/// A kind and its place in the API.
///
/// @param group empty for the core group
/// @param statusSubresource whether `/status` is written apart from the rest
/// @param columns what `kubectl get` prints beside the name
/// @param singular what `kubectl` takes for one of them; empty in, the kind in small letters
/// @param listKind the kind of its lists; empty in, the kind with `List` after it
public record ResourceType(
    String group,
    String version,
    String kind,
    String plural,
    List<String> shortNames,
    List<String> categories,
    boolean namespaced,
    boolean statusSubresource,
    List<Column> columns,
    String singular,
    String listKind) {

  /// One printed column.
  ///
  /// @param type `string`, `integer`, `boolean` or `date`
  /// @param jsonPath in kubectl's form, beginning with a dot
  /// @param priority 0 is always shown, more only with `-o wide`
  public record Column(String name, String type, String jsonPath, int priority) {}

  public ResourceType {
    shortNames = List.copyOf(shortNames);
    categories = List.copyOf(categories);
    columns = List.copyOf(columns);
    singular = singular.isEmpty() ? kind.toLowerCase(Locale.ROOT) : singular;
    listKind = listKind.isEmpty() ? kind + "List" : listKind;
  }

  /// A type whose lists and single objects are called as usual.
  public ResourceType(
      String group,
      String version,
      String kind,
      String plural,
      List<String> shortNames,
      List<String> categories,
      boolean namespaced,
      boolean statusSubresource,
      List<Column> columns) {
    this(
        group,
        version,
        kind,
        plural,
        shortNames,
        categories,
        namespaced,
        statusSubresource,
        columns,
        "",
        "");
  }

  /// A namespaced or cluster-wide type without extras.
  public static ResourceType of(
      String group, String version, String kind, String plural, boolean namespaced) {
    return new ResourceType(
        group, version, kind, plural, List.of(), List.of(), namespaced, false, List.of());
  }

  /// The type of a record that carries [Kind].
  public static ResourceType of(Class<? extends Resource> type) {
    return Kind.Types.of(type);
  }

  public ResourceType withStatus() {
    return new ResourceType(
        group,
        version,
        kind,
        plural,
        shortNames,
        categories,
        namespaced,
        true,
        columns,
        singular,
        listKind);
  }

  public ResourceType withShortNames(String... names) {
    return new ResourceType(
        group,
        version,
        kind,
        plural,
        List.of(names),
        categories,
        namespaced,
        statusSubresource,
        columns,
        singular,
        listKind);
  }

  public ResourceType withColumns(Column... added) {
    return new ResourceType(
        group,
        version,
        kind,
        plural,
        shortNames,
        categories,
        namespaced,
        statusSubresource,
        List.of(added),
        singular,
        listKind);
  }

  /// `group/version`, or the version alone for the core group.
  public String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  /// `plural.group`, or the plural alone for the core group: as Kubernetes names it in messages.
  public String resource() {
    return group.isEmpty() ? plural : plural + "." + group;
  }

  /// The path of the collection, in one namespace or (with an empty namespace) over all.
  public String path(String namespace) {
    var root = (group.isEmpty() ? "/api/" : "/apis/") + apiVersion();
    return namespaced && !namespace.isEmpty()
        ? root + "/namespaces/" + namespace + "/" + plural
        : root + "/" + plural;
  }

  /// The path of one object.
  public String path(Key key) {
    return path(key.namespace()) + "/" + key.name();
  }

  @Override
  public String toString() {
    return kind + "." + version + "." + group;
  }
}
