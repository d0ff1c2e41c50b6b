/** The page in the console. */
@NullMarked
package io.snaprail.deploy.internal.pages;

import org.jspecify.annotations.NullMarked;
