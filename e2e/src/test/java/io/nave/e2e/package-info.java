/// Tests against real programs.
@NullMarked
package io.nave.e2e;

import org.jspecify.annotations.NullMarked;
