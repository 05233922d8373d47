/// Revisions, views, watches and what makes them durable.
///
/// Start at [Store]; [View] and [WatchFeed] are its two ways to read. `EmbeddedStore` keeps objects
/// and history in memory and hands every batch to an [Engine] before it answers.
@NullMarked
package io.nave.store;

import org.jspecify.annotations.NullMarked;
