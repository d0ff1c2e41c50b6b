/** Forms for the configurations of devices, made from what their drivers declare. */
@NullMarked
package io.snaprail.console.internal.forms;

import org.jspecify.annotations.NullMarked;
