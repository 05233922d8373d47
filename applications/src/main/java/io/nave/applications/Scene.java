package io.nave.applications;

import io.nave.applications.api.ApplicationRevision;
import io.nave.applications.api.Policy;
import io.nave.applications.api.Workflow;
import io.nave.applications.definitions.Definitions;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongFunction;

/// What surrounds one Application when it is looked at.
///
/// @param workflows those of its namespace, by name
/// @param policies Policy objects of its namespace, by name
/// @param revisions its own, by number
/// @param kept what definitions were
/// @param now in whole seconds, as times are stored
record Scene(
    Fleet fleet,
    Definitions definitions,
    Function<String, Optional<Workflow>> workflows,
    Function<String, Optional<Policy>> policies,
    LongFunction<Optional<ApplicationRevision>> revisions,
    Holding.Shelf kept,
    Outside outside,
    Instant now) {
  Scene {
    now = Instant.ofEpochSecond(now.getEpochSecond());
  }
}
