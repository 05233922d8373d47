/// The application layer's kind: [Application], as KubeVela users know it
/// (spec/app-layer-behaviour.md §2, §3).
@NullMarked
package io.nave.applications.api;

import org.jspecify.annotations.NullMarked;
