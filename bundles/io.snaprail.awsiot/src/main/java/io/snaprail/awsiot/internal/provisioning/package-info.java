/** Fleet provisioning: a certificate and a thing by a claim. */
@NullMarked
package io.snaprail.awsiot.internal.provisioning;

import org.jspecify.annotations.NullMarked;
