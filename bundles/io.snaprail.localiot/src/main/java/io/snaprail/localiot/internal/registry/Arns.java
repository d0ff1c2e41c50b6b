package io.snaprail.localiot.internal.registry;

/**
 * Names of resources.
 *
 * @param region such as {@code local}
 * @param account twelve digits
 */
public record Arns(String region, String account) {

  /** Checks what would make names that match nothing; messages name the configuration's key. */
  public Arns {
    if (!region.matches("[a-z0-9-]{1,32}")) {
      throw new IllegalArgumentException(
          "region: expected 1..32 lower-case letters, digits, '-', found '" + region + "'");
    }
    if (!account.matches("[0-9]{12}")) {
      throw new IllegalArgumentException("account: expected 12 digits, found '" + account + "'");
    }
  }

  /** Resource of {@code iot:Connect}. */
  public String client(String clientId) {
    return prefix() + "client/" + clientId;
  }

  /** Resource of {@code iot:Publish}, {@code iot:Receive} and {@code iot:RetainPublish}. */
  public String topic(String topic) {
    return prefix() + "topic/" + topic;
  }

  /** Resource of {@code iot:Subscribe}. */
  public String topicFilter(String filter) {
    return prefix() + "topicfilter/" + filter;
  }

  /** Resource of actions on things and their shadows. */
  public String thing(String name) {
    return prefix() + "thing/" + name;
  }

  private String prefix() {
    return "arn:aws:iot:" + region + ":" + account + ":";
  }
}
