/** AWS IoT Jobs. */
@NullMarked
package io.snaprail.awsiot.internal.jobs;

import org.jspecify.annotations.NullMarked;
