package io.snaprail.certificates.internal.tls;

/** What the other side's certificate must be good for (RFC 5280 4.2.1.12). */
enum PeerUse {
  CLIENT("client", "clientAuth", "1.3.6.1.5.5.7.3.2"),
  SERVER("server", "serverAuth", "1.3.6.1.5.5.7.3.1");

  private final String noun;
  private final String extension;
  private final String oid;

  PeerUse(String noun, String extension, String oid) {
    this.noun = noun;
    this.extension = extension;
    this.oid = oid;
  }

  String noun() {
    return noun;
  }

  String extension() {
    return extension;
  }

  String oid() {
    return oid;
  }

  /** The name of a use where it has one here, its number otherwise. */
  static String describe(String oid) {
    for (PeerUse use : values()) {
      if (use.oid.equals(oid)) {
        return use.extension;
      }
    }
    return oid;
  }
}
