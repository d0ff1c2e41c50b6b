/** The REST twin: shadows, jobs and messages over HTTPS with client certificates. */
@NullMarked
package io.snaprail.localiot.internal.rest;

import org.jspecify.annotations.NullMarked;
