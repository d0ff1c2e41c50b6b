/** IEC 62056-21: the exchange, the data block and its points. */
@NullMarked
package io.snaprail.driver.iec62056.internal;

import org.jspecify.annotations.NullMarked;
