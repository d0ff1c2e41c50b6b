/** Configuration Admin kept as one readable JSON file a PID. */
@NullMarked
package io.snaprail.storage.internal.config;

import org.jspecify.annotations.NullMarked;
