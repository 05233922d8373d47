package io.nave.apiserver.admission;

import io.nave.api.ApiObject;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.apiserver.Caller;

/// A last word on a read that is authorized: what roles cannot say, such as "only with your own
/// label". Lets pass by returning, refuses by throwing an [io.nave.api.ApiError]. Without effects.
public interface ReadRule {
  /// The rule that lets everything pass.
  ReadRule NONE = new ReadRule() {};

  /// Before a list or watch is answered.
  ///
  /// @return what it is answered with: `selection`, or the part of it that the caller may see
  default Selection list(Caller caller, ResourceType type, Selection selection) {
    return selection;
  }

  /// Before one object is shown.
  default void get(Caller caller, ResourceType type, ApiObject object) {}
}
