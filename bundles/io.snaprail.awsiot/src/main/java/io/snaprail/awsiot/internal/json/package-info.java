/** JSON as AWS's services exchange it. */
@NullMarked
package io.snaprail.awsiot.internal.json;

import org.jspecify.annotations.NullMarked;
