/**
 * Programs that nobody here wrote, as peers of a test: Mosquitto, openssl. They stand beside the
 * driver contract, and know nothing of it, because whoever writes a connector needs them as we do.
 */
@NullMarked
package io.snaprail.testkit.peer;

import org.jspecify.annotations.NullMarked;
