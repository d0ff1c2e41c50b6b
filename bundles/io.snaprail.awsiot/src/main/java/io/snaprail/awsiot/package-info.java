/** The connector to AWS IoT Core. */
@NullMarked
package io.snaprail.awsiot;

import org.jspecify.annotations.NullMarked;
