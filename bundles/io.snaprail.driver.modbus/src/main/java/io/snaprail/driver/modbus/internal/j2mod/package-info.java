/**
 * Requests and answers as bytes, made and read by j2mod's message classes: the only place that
 * knows j2mod. Its facades and its transport are not used: they lose the length in the header,
 * check neither unit nor protocol, and let a slow server outlive the deadline.
 */
@NullMarked
package io.snaprail.driver.modbus.internal.j2mod;

import org.jspecify.annotations.NullMarked;
