package io.snaprail.certificates.internal.token;

/**
 * Where a key is that does not leave its token.
 *
 * @param token name of the token on this gateway
 * @param alias name of the key in it
 */
public record KeyPlace(String token, String alias) {}
