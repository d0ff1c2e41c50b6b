package io.snaprail.mqtt.internal.paho;

import io.snaprail.api.mqtt.ProxySettings;
import io.snaprail.mqtt.internal.paho.ProxyException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Asks an HTTP proxy to connect to a broker: CONNECT, RFC 9110, 9.3.6. Once, for one connection.
 *
 * <p>The proxy gets the broker's name and looks it up itself. What it answers is believed as far as
 * its status goes; it is read one byte at a time, since what follows belongs to the broker.
 */
final class ProxyTunnel {
  /** Longest answer, in bytes: a proxy that says more is none. */
  static final int MAX_ANSWER = 16 * 1024;

  // RFC 9112, 4: the reason may be missing.
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[0-9] ([1-5][0-9]{2})( .*)?");
  private static final String CHALLENGE = "proxy-authenticate:";

  private final ProxySettings proxy;
  private final String target;
  private final char @Nullable [] password;

  /**
   * For a broker.
   *
   * @param password wiped when it was used
   */
  ProxyTunnel(ProxySettings proxy, String host, int port, char @Nullable [] password) {
    this.proxy = proxy;
    this.target = (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    this.password = password;
  }

  String host() {
    return proxy.host();
  }

  int port() {
    return proxy.port();
  }

  /**
   * Asks on a connection to the proxy.
   *
   * @param timeout longest for the whole answer
   * @throws ProxyException when it says no, or nothing that can be understood
   */
  void ask(Socket line, Duration timeout) throws IOException {
    byte[] request = request();
    try {
      line.getOutputStream().write(request);
    } finally {
      Arrays.fill(request, (byte) 0);
    }
    List<String> answer = answer(line, System.nanoTime() + timeout.toNanos());
    line.setSoTimeout(0);
    Matcher status = STATUS.matcher(answer.get(0));
    if (!status.matches()) {
      throw new ProxyException(Reason.GARBAGE, printable(answer.get(0)));
    }
    int code = Integer.parseInt(status.group(1));
    if (code / 100 != 2) {
      throw refused(
          code, printable(status.group(1) + answer.get(0).substring(status.end(1))), answer);
    }
  }

  private ProxyException refused(int code, String words, List<String> answer) {
    if (code != 407) {
      return new ProxyException(code >= 500 && code != 501 ? Reason.FAR : Reason.REFUSED, words);
    }
    List<String> schemes =
        answer.stream()
            .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(CHALLENGE))
            .map(line -> line.substring(CHALLENGE.length()).strip().split("[ ,]", 2)[0])
            .toList();
    if (!schemes.isEmpty() && schemes.stream().noneMatch("basic"::equalsIgnoreCase)) {
      return new ProxyException(Reason.SCHEME, printable(String.join(", ", schemes)));
    }
    return new ProxyException(
        proxy.login().user().isEmpty() ? Reason.LOGIN_MISSING : Reason.LOGIN_REFUSED, words);
  }

  private byte[] request() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(
        ("CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n")
            .getBytes(StandardCharsets.UTF_8));
    if (!proxy.login().user().isEmpty()) {
      byte[] login = login();
      byte[] encoded = Base64.getEncoder().encode(login);
      bytes.writeBytes("Proxy-Authorization: Basic ".getBytes(StandardCharsets.US_ASCII));
      bytes.writeBytes(encoded);
      bytes.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
      Arrays.fill(login, (byte) 0);
      Arrays.fill(encoded, (byte) 0);
    }
    bytes.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
    return bytes.toByteArray();
  }

  /** User and password as RFC 7617 joins them. */
  private byte[] login() {
    char[] secret = password == null ? new char[0] : password;
    CharBuffer both = CharBuffer.allocate(proxy.login().user().length() + 1 + secret.length);
    both.put(proxy.login().user()).put(':').put(secret).flip();
    ByteBuffer encoded = ByteBuffer.allocate(3 * both.remaining());
    StandardCharsets.UTF_8.newEncoder().encode(both, encoded, /* endOfInput= */ true);
    byte[] bytes = Arrays.copyOf(encoded.array(), encoded.position());
    Arrays.fill(encoded.array(), (byte) 0);
    Arrays.fill(both.array(), '\0');
    Arrays.fill(secret, '\0');
    return bytes;
  }

  private List<String> answer(Socket line, long until) throws IOException {
    InputStream in = line.getInputStream();
    List<String> lines = new ArrayList<>();
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    for (int count = 0; count < MAX_ANSWER; count++) {
      int next = read(line, in, until);
      if (next != '\n') {
        text.write(next);
        continue;
      }
      String one = text.toString(StandardCharsets.ISO_8859_1).stripTrailing();
      text.reset();
      if (!one.isEmpty()) {
        lines.add(one);
      } else if (!lines.isEmpty()) {
        return lines;
      }
    }
    throw new ProxyException(
        Reason.GARBAGE, "more than " + MAX_ANSWER + " bytes without the end of its headers");
  }

  private static int read(Socket line, InputStream in, long until) throws IOException {
    long left = (until - System.nanoTime()) / 1_000_000;
    if (left <= 0) {
      throw new ProxyException(Reason.SILENT, "");
    }
    try {
      line.setSoTimeout((int) left);
      int next = in.read();
      if (next < 0) {
        throw new ProxyException(Reason.HUNG_UP, "");
      }
      return next;
    } catch (SocketTimeoutException e) {
      throw new ProxyException(Reason.SILENT, "", e);
    }
  }

  /** What a stranger wrote, fit for a log. */
  private static String printable(String text) {
    String plain = text.replaceAll("[^\\x20-\\x7e]", "?");
    return plain.length() > 80 ? plain.substring(0, 80) + "..." : plain;
  }
}
