package io.snaprail.api.security;

/**
 * Who is acting.
 *
 * @param name account or token name
 * @param role what it may do
 */
public record Principal(String name, Role role) {}
