package io.snaprail.api.certificate;

import java.security.cert.X509Certificate;
import java.time.Duration;

/**
 * What an issuer is to sign.
 *
 * @param identity whose new certificate it is to be
 * @param csr PKCS#10 in PEM: a new key, with subject and alternative names of the present
 *     certificate
 * @param current the certificate in force that is to be replaced
 * @param timeout how long the answer is waited for; positive
 */
public record SigningOrder(
    String identity, String csr, X509Certificate current, Duration timeout) {}
