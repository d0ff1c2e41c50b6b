package io.snaprail.api.certificate;

import org.jspecify.annotations.Nullable;

/** Something about a key or certificate is wrong; the message says what, where and what to do. */
public final class CertificateStoreException extends Exception {
  private static final long serialVersionUID = 1L;

  /** The message is shown to people as it is and holds no secret. */
  public CertificateStoreException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** The message is shown to people as it is and holds no secret. */
  public CertificateStoreException(String message) {
    this(message, null);
  }
}
