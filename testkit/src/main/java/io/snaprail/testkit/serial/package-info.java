/** Serial ports without a system: for tests of drivers. */
@NullMarked
package io.snaprail.testkit.serial;

import org.jspecify.annotations.NullMarked;
