package io.snaprail.deploy.internal.store;

import java.time.Instant;

/**
 * A version of a bundle that is kept.
 *
 * @param version of the bundle
 * @param sha256 of its jar, whose file is named by it
 * @param signer subject of whoever signed it; empty for nobody
 * @param at when it was checked for the first time: from then on its signer may expire
 */
public record Kept(String version, String sha256, String signer, Instant at) {}
