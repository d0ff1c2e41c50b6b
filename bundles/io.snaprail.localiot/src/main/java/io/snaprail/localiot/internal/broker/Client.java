package io.snaprail.localiot.internal.broker;

import org.jspecify.annotations.Nullable;

/**
 * A client that has been let in. Used by the connection's thread only.
 *
 * @param clientId its id
 * @param authorizer what it may do
 * @param session what is kept for it
 * @param will what to publish when it goes without saying so; null for nothing
 */
record Client(String clientId, Rights authorizer, Session session, @Nullable Publication will) {}
