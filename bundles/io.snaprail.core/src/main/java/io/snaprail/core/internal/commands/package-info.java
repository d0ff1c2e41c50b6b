/** The command gate. */
@NullMarked
package io.snaprail.core.internal.commands;

import org.jspecify.annotations.NullMarked;
