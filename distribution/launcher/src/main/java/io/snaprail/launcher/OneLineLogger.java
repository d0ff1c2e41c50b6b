package io.snaprail.launcher;

import java.io.IOException;
import org.apache.felix.framework.Logger;
import org.jspecify.annotations.Nullable;

/** What the framework says before the log is there: a line each, for the person who starts it. */
final class OneLineLogger extends Logger {

  @Override
  protected void doLogOut(int level, String message, @Nullable Throwable cause) {
    if (!movedPlatformBundle(message, cause)) {
      System.err.println("snaprail: framework: " + message + (cause == null ? "" : ": " + cause));
    }
  }

  /** The distribution lies elsewhere than at the last start; {@link Platform} installs it anew. */
  private static boolean movedPlatformBundle(String message, @Nullable Throwable cause) {
    return message.startsWith("Error reloading cached bundle")
        && cause instanceof IOException
        && String.valueOf(cause.getMessage()).startsWith("Referenced file does not exist");
  }
}
