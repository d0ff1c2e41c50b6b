package io.snaprail.storage.internal.json;

/** Reads one text in double quotes (RFC 8259, section 7). */
final class StringToken {
  private final Cursor in;
  private final StringBuilder out = new StringBuilder();

  StringToken(Cursor in) {
    this.in = in;
  }

  String read() throws JsonException {
    in.next();
    while (true) {
      int c = in.peek();
      if (c == '"') {
        in.next();
        return out.toString();
      }
      if (c < ' ') {
        throw in.expected("'\"' at the end of the text");
      }
      if (c == '\\') {
        escape();
      } else {
        out.append((char) in.next());
      }
    }
  }

  private void escape() throws JsonException {
    in.next();
    int c = in.peek();
    switch (c) {
      case '"', '\\', '/' -> out.append((char) c);
      case 'b' -> out.append('\b');
      case 'f' -> out.append('\f');
      case 'n' -> out.append('\n');
      case 'r' -> out.append('\r');
      case 't' -> out.append('\t');
      case 'u' -> {
        in.next();
        out.append(unicode());
        return;
      }
      default -> throw in.expected("one of \" \\ / b f n r t u after '\\'");
    }
    in.next();
  }

  private char unicode() throws JsonException {
    int value = 0;
    for (int i = 0; i < 4; i++) {
      int c = in.peek();
      int digit = c < 0 || c > 0x7f ? -1 : Character.digit(c, 16);
      if (digit < 0) {
        throw in.expected("four hexadecimal digits after '\\u'");
      }
      value = value * 16 + digit;
      in.next();
    }
    return (char) value;
  }
}
