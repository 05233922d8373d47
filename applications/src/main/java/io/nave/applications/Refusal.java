package io.nave.applications;

/// An application that cannot be delivered as it is: someone has to change it, or what it names.
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Stage stage;

  Refusal(Stage stage, String message) {
    super(message);
    this.stage = stage;
  }

  Stage stage() {
    return stage;
  }

  /// What is wrong, for people.
  String text() {
    return String.valueOf(getMessage());
  }
}
