/** The application layer: telegrams and their records (EN 13757-3). */
@NullMarked
package io.snaprail.driver.mbus.internal.record;

import org.jspecify.annotations.NullMarked;
