/** What is special about AWS IoT Core: limits, endpoints, topics. */
@NullMarked
package io.snaprail.awsiot.internal;

import org.jspecify.annotations.NullMarked;
