/** Orders, one after the other. */
@NullMarked
package io.snaprail.deploy.internal.engine;

import org.jspecify.annotations.NullMarked;
