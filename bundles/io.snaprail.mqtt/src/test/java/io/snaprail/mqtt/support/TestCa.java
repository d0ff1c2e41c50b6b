package io.snaprail.mqtt.support;

import io.snaprail.testkit.peer.Mosquitto;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate authority in a few lines of DER (X.690, RFC 5280), so that tests need no tool. */
public final class TestCa {
  // 1.2.840.10045.4.3.2 ecdsa-with-SHA256
  private static final byte[] ECDSA_SHA256 =
      seq(new byte[] {6, 8, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 4, 3, 2});
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
  private static long serial = 1;

  private final String name;
  private final KeyPair keys;
  private final X509Certificate certificate;

  /** A key with its certificate. */
  public record Identity(KeyPair keys, X509Certificate certificate) {
    public String keyPem() {
      return pem("PRIVATE KEY", keys.getPrivate().getEncoded());
    }

    public String certificatePem() {
      return TestCa.certificatePem(certificate);
    }
  }

  public TestCa(String name) {
    try {
      this.name = name;
      this.keys = newKeys();
      // basicConstraints, critical, CA
      byte[] ca = extension(new byte[] {6, 3, 0x55, 0x1d, 19}, true, seq(tlv(1, (byte) 0xff)));
      Instant now = Instant.now();
      this.certificate =
          sign(name, keys, now.minusSeconds(3600), now.plusSeconds(864_000), List.of(ca));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  public X509Certificate certificate() {
    return certificate;
  }

  public String pem() {
    return certificatePem(certificate);
  }

  /** Has a broker show a certificate and let in whom this authority has signed. */
  public Mosquitto serve(Mosquitto broker, Identity server) throws IOException {
    return broker.tls(server.certificatePem(), server.keyPem(), pem());
  }

  /** A certificate that is valid now. */
  public Identity issue(String commonName, String... alternativeNames) {
    Instant now = Instant.now();
    return issue(commonName, now.minusSeconds(3600), now.plusSeconds(86_400), alternativeNames);
  }

  public Identity issue(
      String commonName, Instant notBefore, Instant notAfter, String... alternativeNames) {
    try {
      KeyPair own = newKeys();
      List<byte[]> extensions = List.of();
      if (alternativeNames.length > 0) {
        ByteArrayOutputStream names = new ByteArrayOutputStream();
        for (String alternative : alternativeNames) {
          names.writeBytes(alternativeName(alternative));
        }
        extensions =
            List.of(extension(new byte[] {6, 3, 0x55, 0x1d, 17}, false, seq(names.toByteArray())));
      }
      return new Identity(own, sign(commonName, own, notBefore, notAfter, extensions));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A client's context that trusts this authority; the identity may be null. */
  public SSLContext clientContext(Identity identity) {
    try {
      KeyStore trust = KeyStore.getInstance("PKCS12");
      trust.load(null, null);
      trust.setCertificateEntry("ca", certificate);
      TrustManagerFactory trusted = TrustManagerFactory.getInstance("PKIX");
      trusted.init(trust);
      KeyStore own = KeyStore.getInstance("PKCS12");
      own.load(null, null);
      if (identity != null) {
        own.setKeyEntry(
            "own",
            identity.keys().getPrivate(),
            new char[0],
            new Certificate[] {identity.certificate()});
      }
      KeyManagerFactory shown = KeyManagerFactory.getInstance("PKIX");
      shown.init(own, new char[0]);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(shown.getKeyManagers(), trusted.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private X509Certificate sign(
      String commonName, KeyPair of, Instant from, Instant to, List<byte[]> extensions)
      throws GeneralSecurityException {
    ByteArrayOutputStream tbs = new ByteArrayOutputStream();
    tbs.writeBytes(tlv(0xa0, tlv(2, (byte) 2)));
    tbs.writeBytes(tlv(2, BigInteger.valueOf(nextSerial()).toByteArray()));
    tbs.writeBytes(ECDSA_SHA256);
    tbs.writeBytes(distinguishedName(name));
    tbs.writeBytes(seq(join(time(from), time(to))));
    tbs.writeBytes(distinguishedName(commonName));
    tbs.writeBytes(of.getPublic().getEncoded());
    if (!extensions.isEmpty()) {
      tbs.writeBytes(tlv(0xa3, seq(join(extensions.toArray(byte[][]::new)))));
    }
    byte[] body = seq(tbs.toByteArray());
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(keys.getPrivate());
    signature.update(body);
    byte[] bits = tlv(3, join(new byte[1], signature.sign()));
    byte[] der = seq(join(body, ECDSA_SHA256, bits));
    return (X509Certificate)
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
  }

  private static KeyPair newKeys() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private static synchronized long nextSerial() {
    return ++serial + System.nanoTime();
  }

  private static byte[] alternativeName(String name) {
    if (!name.matches("[0-9.]+")) {
      return tlv(0x82, name.getBytes(StandardCharsets.US_ASCII));
    }
    String[] parts = name.split("\\.");
    byte[] address = new byte[4];
    for (int i = 0; i < 4; i++) {
      address[i] = (byte) Integer.parseInt(parts[i]);
    }
    return tlv(0x87, address);
  }

  private static byte[] distinguishedName(String commonName) {
    byte[] value = tlv(12, commonName.getBytes(StandardCharsets.UTF_8));
    return seq(tlv(0x31, seq(join(new byte[] {6, 3, 0x55, 4, 3}, value))));
  }

  private static byte[] time(Instant instant) {
    return tlv(24, TIME.format(instant).getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] extension(byte[] oid, boolean critical, byte[] value) {
    byte[] flag = critical ? tlv(1, (byte) 0xff) : new byte[0];
    return seq(join(oid, flag, tlv(4, value)));
  }

  private static byte[] seq(byte[] content) {
    return tlv(0x30, content);
  }

  private static byte[] tlv(int tag, byte... content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    if (content.length < 128) {
      out.write(content.length);
    } else if (content.length < 256) {
      out.write(0x81);
      out.write(content.length);
    } else {
      out.write(0x82);
      out.write(content.length >> 8);
      out.write(content.length);
    }
    out.writeBytes(content);
    return out.toByteArray();
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private static String certificatePem(X509Certificate certificate) {
    try {
      return pem("CERTIFICATE", certificate.getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String pem(String type, byte[] der) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n";
  }
}
