package io.snaprail.api.mqtt;

/**
 * Who a gateway says that it is.
 *
 * @param user user name; empty for none
 * @param passwordSecret name of the password in the secret store; empty for none
 */
public record Login(String user, String passwordSecret) {
  /** Nobody. */
  public static final Login NONE = new Login("", "");

  /**
   * Checks that a password has a user.
   *
   * @param key the setting of the user, for messages
   * @throws IllegalArgumentException when it has none; the message names key, expected and found
   */
  void check(String key) {
    Checks.require(
        !user.isEmpty() || passwordSecret.isEmpty(), key, "a user for the password", user);
  }
}
