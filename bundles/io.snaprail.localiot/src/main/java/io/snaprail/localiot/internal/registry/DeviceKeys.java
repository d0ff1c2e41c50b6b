package io.snaprail.localiot.internal.registry;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.RSAPrivateCrtKey;
import java.util.Base64;
import javax.security.auth.x500.X500Principal;

/**
 * A key that is made for a device: RSA 2048 in PKCS#1, as AWS IoT Core makes it, and a request for
 * it. The JDK has all of it but the outer DER (RFC 8017 A.1.2, RFC 2986).
 */
final class DeviceKeys {
  private static final int BITS = 2048;
  private static final int INTEGER = 0x02;
  private static final int BIT_STRING = 0x03;
  private static final int SEQUENCE = 0x30;
  private static final int ATTRIBUTES = 0xA0;

  /** SEQUENCE of sha256WithRSAEncryption (1.2.840.113549.1.1.11) and NULL. */
  private static final byte[] SHA256_WITH_RSA = {
    0x30,
    0x0D,
    0x06,
    0x09,
    0x2A,
    (byte) 0x86,
    0x48,
    (byte) 0x86,
    (byte) 0xF7,
    0x0D,
    0x01,
    0x01,
    0x0B,
    0x05,
    0x00
  };

  private final KeyPair pair;

  private DeviceKeys(KeyPair pair) {
    this.pair = pair;
  }

  static DeviceKeys generate() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(BITS);
      return new DeviceKeys(generator.generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK makes RSA keys", e);
    }
  }

  /** A request in PEM. */
  String request(X500Principal subject) {
    byte[] info =
        der(
            SEQUENCE,
            der(INTEGER, new byte[] {0}),
            subject.getEncoded(),
            pair.getPublic().getEncoded(),
            der(ATTRIBUTES));
    byte[] signature = der(BIT_STRING, new byte[] {0}, sign(info, pair.getPrivate()));
    return pem("CERTIFICATE REQUEST", der(SEQUENCE, info, SHA256_WITH_RSA, signature));
  }

  String publicPem() {
    return pem("PUBLIC KEY", pair.getPublic().getEncoded());
  }

  String privatePem() {
    RSAPrivateCrtKey key = (RSAPrivateCrtKey) pair.getPrivate();
    byte[] pkcs1 =
        der(
            SEQUENCE,
            integer(BigInteger.ZERO),
            integer(key.getModulus()),
            integer(key.getPublicExponent()),
            integer(key.getPrivateExponent()),
            integer(key.getPrimeP()),
            integer(key.getPrimeQ()),
            integer(key.getPrimeExponentP()),
            integer(key.getPrimeExponentQ()),
            integer(key.getCrtCoefficient()));
    return pem("RSA PRIVATE KEY", pkcs1);
  }

  private static byte[] sign(byte[] content, PrivateKey key) {
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(key);
      signature.update(content);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK signs with RSA", e);
    }
  }

  private static byte[] integer(BigInteger value) {
    return der(INTEGER, value.toByteArray());
  }

  private static byte[] der(int tag, byte[]... parts) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.writeBytes(part);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    int length = content.size();
    if (length >= 0x100) {
      out.write(0x82);
      out.write(length >> 8);
    } else if (length >= 0x80) {
      out.write(0x81);
    }
    out.write(length);
    out.writeBytes(content.toByteArray());
    return out.toByteArray();
  }

  private static String pem(String type, byte[] der) {
    byte[] newline = "\n".getBytes(StandardCharsets.US_ASCII);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(type, Base64.getMimeEncoder(64, newline).encodeToString(der), type);
  }
}
