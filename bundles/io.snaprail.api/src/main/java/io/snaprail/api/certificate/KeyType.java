package io.snaprail.api.certificate;

/** Keys that the store makes. */
public enum KeyType {
  /** Elliptic curve, NIST P-256. */
  EC_P256,
  /** Elliptic curve, NIST P-384. */
  EC_P384,
  /** RSA, 2048 bits. */
  RSA_2048,
  /** RSA, 3072 bits. */
  RSA_3072
}
