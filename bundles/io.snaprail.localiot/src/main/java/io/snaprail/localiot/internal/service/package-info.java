/** What the services behind reserved topics share: their thread, their answers, their limits. */
@NullMarked
package io.snaprail.localiot.internal.service;

import org.jspecify.annotations.NullMarked;
