package io.snaprail.deploy.internal.store;

import org.jspecify.annotations.Nullable;

/**
 * What is kept of a bundle.
 *
 * @param current in force
 * @param previous what a roll back goes to; null for none
 */
public record Deployed(Kept current, @Nullable Kept previous) {}
