package io.snaprail.certificates.internal.pem;

import java.math.BigInteger;
import java.util.Optional;
import org.bouncycastle.asn1.misc.MiscObjectIdentifiers;
import org.bouncycastle.asn1.misc.ScryptParams;
import org.bouncycastle.asn1.pkcs.KeyDerivationFunc;
import org.bouncycastle.asn1.pkcs.PBES2Parameters;
import org.bouncycastle.asn1.pkcs.PBKDF2Params;
import org.bouncycastle.asn1.pkcs.PKCS12PBEParams;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;

/**
 * How much work and memory an encrypted key asks for before its passphrase can be tried. The file
 * decides that, not we: without a limit one file would stop the gateway.
 */
public final class PassphraseCost {
  /** OWASP's Password Storage Cheat Sheet asks for 1,300,000 at most (PBKDF2-HMAC-SHA1). */
  private static final BigInteger MAX_ITERATIONS = BigInteger.valueOf(5_000_000);

  /** Twice what OpenSSL takes (N = 16,384, r = 8). */
  private static final BigInteger MAX_SCRYPT_BYTES = BigInteger.valueOf(32L * 1024 * 1024);

  private static final BigInteger SCRYPT_BLOCK = BigInteger.valueOf(128);
  private static final BigInteger MAX_PARALLEL = BigInteger.valueOf(16);

  private PassphraseCost() {}

  /**
   * What is too much; empty when nothing is.
   *
   * @throws RuntimeException when the parameters are malformed
   */
  public static Optional<String> excess(AlgorithmIdentifier encryption) {
    if (!encryption.getAlgorithm().equals(PKCSObjectIdentifiers.id_PBES2)) {
      // PKCS#5's first scheme and PKCS#12's have the same parameters: salt and number.
      return iterations(PKCS12PBEParams.getInstance(encryption.getParameters()).getIterations());
    }
    KeyDerivationFunc function =
        PBES2Parameters.getInstance(encryption.getParameters()).getKeyDerivationFunc();
    return function.getAlgorithm().equals(MiscObjectIdentifiers.id_scrypt)
        ? scrypt(ScryptParams.getInstance(function.getParameters()))
        : iterations(PBKDF2Params.getInstance(function.getParameters()).getIterationCount());
  }

  private static Optional<String> iterations(BigInteger found) {
    return found.compareTo(MAX_ITERATIONS) > 0
        ? Optional.of("%s iterations, at most %s are done".formatted(found, MAX_ITERATIONS))
        : Optional.empty();
  }

  private static Optional<String> scrypt(ScryptParams parameters) {
    BigInteger bytes =
        SCRYPT_BLOCK.multiply(parameters.getCostParameter()).multiply(parameters.getBlockSize());
    BigInteger parallel = parameters.getParallelizationParameter();
    if (bytes.compareTo(MAX_SCRYPT_BYTES) > 0) {
      return Optional.of(
          "scrypt with %s bytes of memory, at most %s are used".formatted(bytes, MAX_SCRYPT_BYTES));
    }
    return parallel.compareTo(MAX_PARALLEL) > 0
        ? Optional.of("scrypt %s times, at most %s are done".formatted(parallel, MAX_PARALLEL))
        : Optional.empty();
  }
}
