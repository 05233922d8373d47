/// The hot paths, measured one by one with JMH; how to run them: `benchmarks/README.md`.
@NullMarked
package io.nave.bench.jmh;

import org.jspecify.annotations.NullMarked;
