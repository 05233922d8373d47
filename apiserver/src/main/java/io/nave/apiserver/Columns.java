package io.nave.apiserver;

import io.nave.api.ApiObject;
import java.util.List;

/// Cells of `kubectl get` that no path into the object can give, such as a count of keys.
@FunctionalInterface
public interface Columns {
  /// One cell for each column of the type whose `jsonPath` is empty, in the order of those columns.
  /// A cell is a text, a number or a boolean; for a column of type `date` an RFC 3339 time, shown
  /// as an age like any other.
  List<Object> cells(ApiObject object);
}
