/** The HTTP API: routes, JSON, metrics. */
@NullMarked
package io.snaprail.console.internal.api;

import org.jspecify.annotations.NullMarked;
