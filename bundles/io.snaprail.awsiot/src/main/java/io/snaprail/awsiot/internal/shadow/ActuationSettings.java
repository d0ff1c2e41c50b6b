package io.snaprail.awsiot.internal.shadow;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * How desired values are carried out.
 *
 * @param target carries out
 * @param lane the one thread of all shadows
 * @param clock for the time until which a write is to be carried out
 * @param longest how old a wish may be, by AWS's clock
 * @param random for pauses
 */
public record ActuationSettings(
    ShadowTarget target, Executor lane, Clock clock, Duration longest, RandomGenerator random) {}
