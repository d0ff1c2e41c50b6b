/** The Smart Message Language 1.04 (BSI TR-03109-1, annex IVb): frames, values and points. */
@NullMarked
package io.snaprail.driver.sml.internal;

import org.jspecify.annotations.NullMarked;
