package io.nave.apiserver.fuzz;

import static io.nave.apiserver.fuzz.FuzzTarget.require;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.JsonPaths;
import io.nave.api.Quantity;
import io.nave.api.Selection;
import io.nave.api.Timestamps;
import io.nave.apiserver.jwt.Token;
import java.time.DateTimeException;
import java.util.Map;

/// The small languages in queries, headers and fields: selectors, paths, quantities, times, tokens.
final class WordsTarget implements FuzzTarget {
  private static final ApiObject OBJECT =
      ApiObject.parse(
          Json.encode(
              Json.parse(
                  """
                  {"metadata":{"name":"a","namespace":"b","labels":{"app":"web","n":"3"}},
                   "spec":{"size":3,"items":[{"name":"x","on":true},{"name":"y"}]}}
                  """)));

  @Override
  public void feed(byte[] input) {
    var text = FuzzTarget.text(input);
    selector(text, "");
    selector("", text);
    path(text);
    Quantity.parse(text).ifPresent(WordsTarget::quantity);
    time(text);
    Token.parse(text).ifPresent(token -> token.text("sub").length());
  }

  private static void selector(String labels, String fields) {
    Selection selection;
    try {
      selection = Selection.parse(labels, fields);
    } catch (ApiError e) {
      require(e.is(ApiError.Reason.BAD_REQUEST), "refused with " + e.reason());
      return;
    }
    selection.labels().matches(Map.of("app", "web", "n", "3"));
    var again = Selection.parse(selection.labelQuery(), selection.fieldQuery());
    require(
        again.matches(OBJECT) == selection.matches(OBJECT),
        "another selection when written and read again");
  }

  private static void path(String text) {
    try {
      JsonPaths.parse(text).find(OBJECT.json());
    } catch (IllegalArgumentException | ApiError e) {
      return;
    }
  }

  private static void quantity(Quantity quantity) {
    require(quantity.toString().length() < 200, "a quantity of " + quantity.toString().length());
    require(
        quantity.amount().compareTo(new java.math.BigDecimal(quantity.toString())) == 0,
        "another amount");
  }

  private static void time(String text) {
    try {
      Timestamps.parse(text);
    } catch (DateTimeException e) {
      return;
    }
  }
}
