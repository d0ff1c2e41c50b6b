package io.snaprail.storage.internal.config;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Names of configuration files: the PID, with every unusual byte as {@code %XX}, and .json. */
final class Pid {
  static final String SUFFIX = ".json";

  private Pid() {}

  /** The file name of a PID. Two PIDs never share one. */
  static String fileName(String pid) {
    StringBuilder name = new StringBuilder();
    byte[] bytes = pid.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < bytes.length; i++) {
      char c = (char) (bytes[i] & 0xff);
      boolean hidden = i == 0 && c == '.';
      if (plain(c) && !hidden) {
        name.append(c);
      } else {
        name.append(String.format("%%%02X", (int) c));
      }
    }
    return name.append(SUFFIX).toString();
  }

  private static boolean plain(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "._-~@+".indexOf(c) >= 0;
  }

  /** The PID of a file name; null when it is not the name of a configuration file. */
  static @Nullable String ofFileName(String name) {
    String encoded = name.substring(0, name.length() - SUFFIX.length());
    StringBuilder latin = new StringBuilder();
    for (int i = 0; i < encoded.length(); i++) {
      char c = encoded.charAt(i);
      if (c == '%' && i + 2 < encoded.length()) {
        int value = hex(encoded, i + 1);
        c = value < 0 ? c : (char) value;
        i += value < 0 ? 0 : 2;
      }
      latin.append(c);
    }
    String pid =
        new String(latin.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    return !pid.isEmpty() && fileName(pid).equals(name) ? pid : null;
  }

  private static int hex(String text, int start) {
    int high = Character.digit(text.charAt(start), 16);
    int low = Character.digit(text.charAt(start + 1), 16);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
  }

  /** The factory PID in {@code factory~name}; null for other PIDs. */
  static @Nullable String factoryOf(String pid) {
    int tilde = pid.indexOf('~');
    return tilde > 0 && tilde < pid.length() - 1 ? pid.substring(0, tilde) : null;
  }
}
