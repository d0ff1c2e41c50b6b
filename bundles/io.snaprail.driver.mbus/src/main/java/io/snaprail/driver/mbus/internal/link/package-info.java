/** The link layer: frames and addresses (EN 13757-2). */
@NullMarked
package io.snaprail.driver.mbus.internal.link;

import org.jspecify.annotations.NullMarked;
