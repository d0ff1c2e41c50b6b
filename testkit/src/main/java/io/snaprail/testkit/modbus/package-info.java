/** A Modbus server that answers by the book, or as wrongly as a test wants it to. */
@NullMarked
package io.snaprail.testkit.modbus;

import org.jspecify.annotations.NullMarked;
