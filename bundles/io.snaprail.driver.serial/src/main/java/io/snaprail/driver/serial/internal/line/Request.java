package io.snaprail.driver.serial.internal.line;

import io.snaprail.driver.serial.internal.line.LineSpec.Preamble;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Something that is sent, and how.
 *
 * @param bytes what is sent
 * @param echo whether the device repeats it before it answers
 * @param wake sent before; null for none
 * @param pause least time since something was on the line
 * @param settle silence that is waited for when an earlier answer may still be on its way
 * @param patience how long after it was sent the answer to it is expected; up to twice as long it
 *     may come and be taken for the answer to another request
 */
@SuppressWarnings("ArrayRecordComponent") // Made once and only sent.
public record Request(
    byte[] bytes,
    boolean echo,
    @Nullable Preamble wake,
    Duration pause,
    Duration settle,
    Duration patience) {}
