/** Pages of the endpoint in the console. */
@NullMarked
package io.snaprail.localiot.internal.pages;

import org.jspecify.annotations.NullMarked;
