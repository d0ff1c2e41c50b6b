package io.snaprail.certificates.internal.pem;

import io.snaprail.api.certificate.CertificateStoreException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Splits a PEM text into blocks (RFC 7468, lax, and the headers of RFC 1421). Takes any line ends,
 * blanks around lines, text between blocks, files joined without a line end, and the {@code \n} of
 * JSON that was copied with its text.
 */
final class PemText {
  private static final String BEGIN = "-----BEGIN ";
  private static final String END = "-----END ";
  private static final String DASHES = "-----";
  private static final int MAX_LENGTH = 1024 * 1024;

  private final String text;

  private PemText(String text) {
    this.text = text;
  }

  /**
   * Reads every block.
   *
   * @throws CertificateStoreException naming the line, when there is none or one is malformed
   */
  static List<PemBlock> parse(String text) throws CertificateStoreException {
    if (text.length() > MAX_LENGTH) {
      throw new CertificateStoreException(
          "The PEM text has %d characters; at most %d are read"
              .formatted(text.length(), MAX_LENGTH));
    }
    String lines = text.indexOf('\n') < 0 ? text.replace("\\n", "\n").replace("\\r", "") : text;
    return new PemText(lines.replace("\r\n", "\n").replace('\r', '\n')).blocks();
  }

  private List<PemBlock> blocks() throws CertificateStoreException {
    List<PemBlock> blocks = new ArrayList<>();
    int begin = text.indexOf(BEGIN);
    while (begin >= 0) {
      int labelEnd = text.indexOf(DASHES, begin + BEGIN.length());
      int lineEnd = endOfLine(begin);
      if (labelEnd < 0 || labelEnd > lineEnd) {
        throw at(begin, "expected '-----BEGIN ...-----', found a line without its last dashes");
      }
      String label = text.substring(begin + BEGIN.length(), labelEnd).strip();
      int bodyStart = labelEnd + DASHES.length();
      String endMark = END + label + DASHES;
      int end = text.indexOf(endMark, bodyStart);
      int next = text.indexOf(BEGIN, bodyStart);
      if (end < 0 || (next >= 0 && next < end)) {
        throw at(
            begin,
            "the block '" + label + "' has no '" + endMark + "': the file was cut off or mixed up");
      }
      blocks.add(block(label, begin, bodyStart, end));
      begin = next;
    }
    if (blocks.isEmpty()) {
      throw new CertificateStoreException(
          "No PEM block found: expected a line '-----BEGIN CERTIFICATE-----' or the like, found "
              + found()
              + ". If the file is binary (DER or PKCS#12), convert it to PEM with openssl first.");
    }
    return blocks;
  }

  private PemBlock block(String label, int begin, int start, int end)
      throws CertificateStoreException {
    Map<String, String> headers = new HashMap<>();
    StringBuilder base64 = new StringBuilder();
    int position = start;
    while (position < end) {
      int lineEnd = Math.min(endOfLine(position), end);
      String line = text.substring(position, lineEnd).strip();
      int colon = line.indexOf(':');
      if (colon > 0 && base64.isEmpty()) {
        headers.put(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
      } else {
        checkBase64(line, position);
        base64.append(line);
      }
      position = lineEnd + 1;
    }
    byte[] content;
    try {
      content = Base64.getMimeDecoder().decode(base64.toString());
    } catch (IllegalArgumentException incomplete) {
      throw at(begin, "the block '" + label + "' is incomplete: " + incomplete.getMessage());
    }
    if (content.length == 0) {
      throw at(begin, "the block '" + label + "' is empty");
    }
    return new PemBlock(label, headers, content, line(begin));
  }

  private void checkBase64(String line, int position) throws CertificateStoreException {
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      boolean good =
          (c >= 'A' && c <= 'Z')
              || (c >= 'a' && c <= 'z')
              || (c >= '0' && c <= '9')
              || c == '+'
              || c == '/'
              || c == '='
              || c == ' '
              || c == '\t';
      if (!good) {
        throw at(position, "expected base64, found the character '" + c + "'");
      }
    }
  }

  private int endOfLine(int position) {
    int end = text.indexOf('\n', position);
    return end < 0 ? text.length() : end;
  }

  private int line(int position) {
    return 1 + (int) text.substring(0, position).chars().filter(c -> c == '\n').count();
  }

  private CertificateStoreException at(int position, String what) {
    return new CertificateStoreException("Line " + line(position) + ": " + what);
  }

  private String found() {
    return text.isBlank() ? "nothing" : text.length() + " characters of something else";
  }
}
