package io.snaprail.certificates.internal.x509;

import io.snaprail.api.certificate.CertificateStoreException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.util.IPAddress;

/** Subjects (RFC 4514) and alternative names (RFC 5280 4.2.1.6). */
public final class Names {
  private static final Pattern DNS =
      Pattern.compile(
          "(\\*\\.)?([A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)(\\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)*\\.?");
  private static final int MAX_DNS = 253;
  private static final int DNS_NAME = 2;
  private static final int IP_ADDRESS = 7;
  // Known to people by these names, to the JDK by number only.
  private static final Map<String, String> KEYWORDS =
      Map.of(
          "1.2.840.113549.1.9.1", "EMAILADDRESS",
          "2.5.4.5", "SERIALNUMBER",
          "2.5.4.46", "DNQUALIFIER");

  private Names() {}

  /** Reads a subject such as {@code CN=gateway-7,O=Example}. */
  static X500Name subject(String rfc4514) throws CertificateStoreException {
    if (rfc4514.isBlank()) {
      throw new CertificateStoreException("The subject is empty; expected such as CN=gateway-7");
    }
    try {
      return X500Name.getInstance(new X500Principal(rfc4514).getEncoded());
    } catch (IllegalArgumentException malformed) {
      throw new CertificateStoreException(
          "The subject '%s' is no distinguished name (%s); expected such as CN=gateway-7,O=Example"
              .formatted(rfc4514, malformed.getMessage()),
          malformed);
    }
  }

  /**
   * A name for people, RFC 4514. Whoever connects chooses it: what would begin a new line, or
   * change how the rest of one looks, is written as {@code \0A}.
   */
  public static String text(X500Principal name) {
    String text = name.getName(X500Principal.RFC2253, KEYWORDS);
    if (text.codePoints().noneMatch(Names::misleads)) {
      return text;
    }
    StringBuilder safe = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(
            c -> {
              if (misleads(c)) {
                for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
                  safe.append('\\').append(HexFormat.of().withUpperCase().toHexDigits(b));
                }
              } else {
                safe.appendCodePoint(c);
              }
            });
    return safe.toString();
  }

  private static boolean misleads(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          true;
      default -> false;
    };
  }

  /** DNS names and IP addresses as they go into a certificate. */
  static GeneralNames alternativeNames(List<String> names) throws CertificateStoreException {
    List<GeneralName> general = new ArrayList<>();
    for (String name : names) {
      String stripped = name.strip();
      if (IPAddress.isValid(stripped)) {
        general.add(new GeneralName(GeneralName.iPAddress, stripped));
      } else if (stripped.length() <= MAX_DNS
          && DNS.matcher(stripped).matches()
          && !stripped.matches("[0-9.]+")) {
        general.add(new GeneralName(GeneralName.dNSName, stripped));
      } else {
        throw new CertificateStoreException(
            "The alternative name '" + name + "' is neither a host name nor an IP address");
      }
    }
    return new GeneralNames(general.toArray(new GeneralName[0]));
  }

  /** DNS names and IP addresses in a certificate; other kinds are left out. */
  public static List<String> alternativeNames(X509Certificate certificate) {
    List<String> names = new ArrayList<>();
    try {
      Collection<List<?>> all = certificate.getSubjectAlternativeNames();
      for (List<?> name : all == null ? List.<List<?>>of() : all) {
        int kind = (Integer) name.get(0);
        if (kind == DNS_NAME || kind == IP_ADDRESS) {
          names.add(String.valueOf(name.get(1)));
        }
      }
    } catch (CertificateParsingException malformed) {
      // A certificate with names that nobody can read has none that match.
      return List.of();
    }
    return names;
  }
}
