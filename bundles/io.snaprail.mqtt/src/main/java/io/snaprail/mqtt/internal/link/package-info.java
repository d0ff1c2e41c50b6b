/**
 * Keeping one connection up: attempts, back-off, faults in plain words. Knows no client library.
 */
@NullMarked
package io.snaprail.mqtt.internal.link;

import org.jspecify.annotations.NullMarked;
