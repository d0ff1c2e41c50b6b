/** What is sent: requests and writes, made of templates. */
@NullMarked
package io.snaprail.driver.serial.internal.command;

import org.jspecify.annotations.NullMarked;
