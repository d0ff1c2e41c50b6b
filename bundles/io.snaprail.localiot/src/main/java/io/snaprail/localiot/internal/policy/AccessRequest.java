package io.snaprail.localiot.internal.policy;

/**
 * Something that a client wants to do.
 *
 * @param action such as {@code iot:Publish}
 * @param resource its ARN, such as {@code arn:aws:iot:local:123456789012:topic/a/b}; taken
 *     literally
 * @param variables values of policy variables for the client
 */
public record AccessRequest(String action, String resource, Variables variables) {}
