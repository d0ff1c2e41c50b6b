/** The configuration folder and the spool of the uplinks. */
@NullMarked
package io.snaprail.storage;

import org.jspecify.annotations.NullMarked;
