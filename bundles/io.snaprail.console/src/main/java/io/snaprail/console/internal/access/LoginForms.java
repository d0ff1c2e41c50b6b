package io.snaprail.console.internal.access;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Tokens of forms that are sent before there is a session. The form's token is a keyed hash of a
 * random cookie, so nothing needs to be remembered about people who never log in.
 */
@Component(service = LoginForms.class)
public final class LoginForms {
  /** Name of the cookie. */
  public static final String COOKIE = "__Host-snaprail-form";

  private static final int BYTES = 32;

  private final SecureRandom random = new SecureRandom();
  private final byte[] key = new byte[BYTES];

  /** Makes a key of its own. */
  @Activate
  public LoginForms() {
    random.nextBytes(key);
  }

  /** A new value for the cookie. */
  public String newCookie() {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** The token that a form carries for a cookie. */
  public String token(String cookie) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(mac.doFinal(cookie.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }

  /** Whether the token belongs to the cookie; takes the same time whatever it is. */
  public boolean matches(String cookie, String token) {
    return MessageDigest.isEqual(
        token(cookie).getBytes(StandardCharsets.UTF_8), token.getBytes(StandardCharsets.UTF_8));
  }
}
