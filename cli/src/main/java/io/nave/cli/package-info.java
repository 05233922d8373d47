/// `./nave`: what a person types.
///
/// Start at [Nave], the list of commands; each command is one class. [HubAccess] finds the hub's
/// administrator kubeconfig, [Terminal] is all that is printed. Commands print results to standard
/// output, progress and faults to standard error, and end with 0, 1 (a fault, said in one line) or
/// 2 (wrong words on the command line).
@NullMarked
package io.nave.cli;

import org.jspecify.annotations.NullMarked;
