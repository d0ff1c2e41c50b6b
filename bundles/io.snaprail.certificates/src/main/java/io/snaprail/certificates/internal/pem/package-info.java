/** Reads PEM in all the variants that people bring. */
@NullMarked
package io.snaprail.certificates.internal.pem;

import org.jspecify.annotations.NullMarked;
