package io.snaprail.localiot.internal.registry;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * The policy variables of a certificate (AWS IoT Core developer guide, "X.509 Certificate AWS IoT
 * Core policy variables"): {@code iot:Certificate.Subject.Country} is the first country, {@code .1}
 * the second, {@code .List} all of them.
 */
public final class CertificateVariables {
  private static final String PREFIX = "iot:Certificate.";

  /** Further values of an attribute are left out. */
  private static final int MOST_VALUES = 5;

  /** AWS's words for the attributes of a name. */
  private static final Map<String, String> ATTRIBUTES =
      Map.ofEntries(
          Map.entry("2.5.4.46", "DistinguishedNameQualifier"),
          Map.entry("2.5.4.6", "Country"),
          Map.entry("2.5.4.10", "Organization"),
          Map.entry("2.5.4.11", "OrganizationalUnit"),
          Map.entry("2.5.4.8", "State"),
          Map.entry("2.5.4.3", "CommonName"),
          Map.entry("2.5.4.5", "SerialNumber"),
          Map.entry("2.5.4.12", "Title"),
          Map.entry("2.5.4.4", "Surname"),
          Map.entry("2.5.4.42", "GivenName"),
          Map.entry("2.5.4.43", "Initials"),
          Map.entry("2.5.4.65", "Pseudonym"),
          Map.entry("2.5.4.44", "GenerationQualifier"));

  /** By the numbers of RFC 5280 4.2.1.6. */
  private static final Map<Integer, String> ALTERNATIVE_NAMES =
      Map.of(
          1, "RFC822Name",
          2, "DNSName",
          4, "DirectoryName",
          6, "UniformResourceIdentifier",
          7, "IPAddress");

  private CertificateVariables() {}

  /** All variables of a certificate that have a value, with {@code AvailableKeys}. */
  public static Map<String, List<String>> of(X509Certificate certificate) {
    Map<String, List<String>> attributes = new TreeMap<>();
    name(attributes, "Subject.", certificate.getSubjectX500Principal());
    name(attributes, "Issuer.", certificate.getIssuerX500Principal());
    try {
      alternatives(attributes, "Subject.", certificate.getSubjectAlternativeNames());
      alternatives(attributes, "Issuer.", certificate.getIssuerAlternativeNames());
    } catch (CertificateParsingException unreadable) {
      // Names that nobody can read are no values: what names them matches nothing.
      attributes.keySet().removeIf(key -> key.contains("AlternativeName"));
    }
    Map<String, List<String>> variables = new TreeMap<>();
    attributes.forEach((key, values) -> add(variables, PREFIX + key, values));
    byte[] serial = certificate.getSerialNumber().toByteArray();
    byte[] digits = serial.length > 1 && serial[0] == 0 ? tail(serial) : serial;
    variables.put(PREFIX + "SerialNumber", List.of(HexFormat.ofDelimiter(":").formatHex(digits)));
    variables.put("iot:CertificateId", List.of(Certificates.id(certificate)));
    variables.put(PREFIX + "AvailableKeys", List.copyOf(variables.keySet()));
    return Collections.unmodifiableMap(variables);
  }

  private static byte[] tail(byte[] bytes) {
    return Arrays.copyOfRange(bytes, 1, bytes.length);
  }

  private static void add(Map<String, List<String>> variables, String key, List<String> all) {
    List<String> values = all.subList(0, Math.min(all.size(), MOST_VALUES));
    variables.put(key, List.of(values.get(0)));
    variables.put(key + ".List", List.copyOf(values));
    for (int i = 0; i < values.size(); i++) {
      variables.put(key + "." + i, List.of(values.get(i)));
    }
  }

  private static void name(
      Map<String, List<String>> attributes, String prefix, X500Principal principal) {
    try {
      // RFC 2253 writes a name backwards and LdapName counts from its end: the first in the
      // certificate comes first here.
      for (Rdn rdn : new LdapName(principal.getName(X500Principal.RFC2253, ATTRIBUTES)).getRdns()) {
        for (Attribute one : Collections.list(rdn.toAttributes().getAll())) {
          String attribute = attribute(one.getID());
          if (attribute != null) {
            attributes
                .computeIfAbsent(prefix + attribute, key -> new ArrayList<>())
                .add(Certificates.text(one.get()));
          }
        }
      }
    } catch (NamingException unreadable) {
      // As above.
      attributes.keySet().removeIf(key -> key.startsWith(prefix));
    }
  }

  private static @Nullable String attribute(String id) {
    for (String known : ATTRIBUTES.values()) {
      if (known.equalsIgnoreCase(id)) {
        return known;
      }
    }
    return null;
  }

  private static void alternatives(
      Map<String, List<String>> attributes, String prefix, @Nullable Collection<List<?>> names) {
    for (List<?> name : names == null ? List.<List<?>>of() : names) {
      String kind = ALTERNATIVE_NAMES.get((Integer) name.get(0));
      if (kind != null && name.get(1) instanceof String value) {
        attributes
            .computeIfAbsent(prefix + "AlternativeName." + kind, key -> new ArrayList<>())
            .add(value);
      }
    }
  }
}
