/** The back channel: instant read and instant write. */
@NullMarked
package io.snaprail.awsiot.internal.command;

import org.jspecify.annotations.NullMarked;
