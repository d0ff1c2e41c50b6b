package io.snaprail.api.runtime;

import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Sample;
import org.jspecify.annotations.Nullable;

/**
 * A point as it is now.
 *
 * @param device name of its device
 * @param definition what it is
 * @param sample its current value; null before the first cycle
 * @param sequence the cycle of its device that the sample belongs to; 0 before the first
 */
public record PointStatus(
    String device, PointDefinition definition, @Nullable Sample sample, long sequence) {}
