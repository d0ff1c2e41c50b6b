package io.snaprail.console.internal.page;

import java.io.IOException;
import java.io.Writer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts a text behind the first {@code <head>} that passes through. Gives up, and passes everything
 * on as it is, when there is none near the start.
 */
public final class HeadInjectingWriter extends Writer {
  private static final int MAX_HELD_BACK = 16 * 1024;
  private static final Pattern HEAD =
      Pattern.compile("<head(\\s[^>]*)?>", Pattern.CASE_INSENSITIVE);

  private final Writer target;
  private final String injected;
  private final StringBuilder held = new StringBuilder();
  private boolean done;
  private boolean discarded;

  /**
   * Makes a writer.
   *
   * @param target takes what passes
   * @param injected goes behind the head's start tag
   */
  public HeadInjectingWriter(Writer target, String injected) {
    this.target = target;
    this.injected = injected;
  }

  @Override
  public void write(char[] buffer, int offset, int length) throws IOException {
    if (discarded) {
      return;
    }
    if (done) {
      target.write(buffer, offset, length);
      return;
    }
    held.append(buffer, offset, length);
    Matcher head = HEAD.matcher(held);
    if (head.find()) {
      held.insert(head.end(), injected);
      release();
    } else if (held.length() > MAX_HELD_BACK) {
      release();
    }
  }

  /** Passes on what was held back; nothing is injected any more. */
  public void release() throws IOException {
    if (!done) {
      done = true;
      target.append(held);
      held.setLength(0);
      held.trimToSize();
    }
  }

  /** Forgets what was held back and whatever comes: the answer has become another one. */
  public void discard() {
    discarded = true;
    done = true;
    held.setLength(0);
  }

  @Override
  public void flush() throws IOException {
    release();
    target.flush();
  }

  @Override
  public void close() throws IOException {
    release();
    target.close();
  }
}
