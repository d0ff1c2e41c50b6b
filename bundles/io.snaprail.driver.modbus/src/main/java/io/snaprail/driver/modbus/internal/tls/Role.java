package io.snaprail.driver.modbus.internal.tls;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/**
 * The role in a certificate: a UTF8String in an extension of its own (MODBUS/TCP Security Protocol
 * Specification, section on roles). What a role may do is the device's affair.
 */
public final class Role {
  /** The number of the extension. */
  public static final String OID = "1.3.6.1.4.1.50316.802.1";

  private static final int OCTET_STRING = 4;
  private static final int UTF8_STRING = 12;

  /** What is shown of a role: it comes from the other side of a network. */
  private static final int LONGEST = 64;

  private Role() {}

  /**
   * The role in the first of the certificates.
   *
   * @return null when there is none, or what stands there is no role
   */
  static @Nullable String of(Certificate @Nullable [] chain) {
    if (chain == null || chain.length == 0 || !(chain[0] instanceof X509Certificate certificate)) {
      return null;
    }
    byte[] extension = certificate.getExtensionValue(OID);
    byte[] inner = extension == null ? null : content(extension, OCTET_STRING);
    byte[] text = inner == null ? null : content(inner, UTF8_STRING);
    return text == null ? null : text(text);
  }

  /** The content of a value in DER that fills all the bytes; null when it is of another kind. */
  private static byte @Nullable [] content(byte[] der, int tag) {
    ByteBuffer in = ByteBuffer.wrap(der);
    if (in.remaining() < 2 || in.get() != tag) {
      return null;
    }
    int length = in.get() & 0xff;
    if (length > 0x7f) {
      int octets = length & 0x7f;
      if (octets < 1 || octets > 2 || in.remaining() < octets) {
        return null;
      }
      length = 0;
      for (int i = 0; i < octets; i++) {
        length = length << 8 | (in.get() & 0xff);
      }
    }
    if (length != in.remaining()) {
      return null;
    }
    byte[] content = new byte[length];
    in.get(content);
    return content;
  }

  private static @Nullable String text(byte[] utf8) {
    try {
      // A fresh decoder, unlike new String(), reports what it cannot read.
      String role = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
      String shown = role.replaceAll("\\p{C}", "?").strip();
      return shown.length() <= LONGEST ? shown : shown.substring(0, LONGEST) + "…";
    } catch (CharacterCodingException e) {
      return null;
    }
  }
}
