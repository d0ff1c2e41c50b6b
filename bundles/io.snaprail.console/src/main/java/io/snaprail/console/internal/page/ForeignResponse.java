package io.snaprail.console.internal.page;

import io.snaprail.console.internal.access.SecurityHeaders;
import io.snaprail.console.internal.access.Zone;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

/**
 * A response of pages that we did not write. They cannot take the security headers away, and their
 * HTML gets the script that adds the session's token to whatever they send.
 */
public final class ForeignResponse extends GuardedResponse {
  private final String csrfToken;
  private @Nullable PrintWriter writer;
  private @Nullable HeadInjectingWriter injecting;

  /** Wraps the response to a request. */
  public ForeignResponse(
      HttpServletRequest request, HttpServletResponse response, String csrfToken) {
    super(request, response, Zone.FOREIGN);
    this.csrfToken = csrfToken;
  }

  @Override
  public void setHeader(String name, String value) {
    if (!SecurityHeaders.isProtected(name)) {
      super.setHeader(name, value);
    }
  }

  @Override
  public void addHeader(String name, String value) {
    if (!SecurityHeaders.isProtected(name)) {
      super.addHeader(name, value);
    }
  }

  @Override
  public void reset() {
    super.reset();
    SecurityHeaders.apply((HttpServletResponse) getResponse(), Zone.FOREIGN);
  }

  @Override
  public void setContentLength(int length) {
    setContentLengthLong(length);
  }

  @Override
  public void setContentLengthLong(long length) {
    if (!isHtml()) {
      super.setContentLengthLong(length);
    }
  }

  @Override
  public PrintWriter getWriter() throws IOException {
    PrintWriter known = writer;
    if (known != null) {
      return known;
    }
    PrintWriter made = super.getWriter();
    if (isHtml()) {
      injecting = new HeadInjectingWriter(made, injectedText());
      made = new PrintWriter(injecting);
    }
    writer = made;
    return made;
  }

  @Override
  public void sendError(int status, @Nullable String message) throws IOException {
    HeadInjectingWriter begun = injecting;
    if (begun != null) {
      begun.discard();
    }
    super.sendError(status, message);
  }

  /** Passes on what was held back while looking for the head. */
  public void finish() throws IOException {
    HeadInjectingWriter used = injecting;
    if (used != null) {
      used.release();
    }
  }

  private boolean isHtml() {
    String type = getContentType();
    return type != null && type.startsWith("text/html");
  }

  private String injectedText() {
    return "\n<meta name=\"snaprail-csrf\" content=\""
        + Templates.escape(csrfToken)
        + "\" />\n<link href=\""
        + Assets.root()
        + "felix.css\" rel=\"stylesheet\" />\n<script src=\""
        + Assets.root()
        + "felix.js\"></script>";
  }
}
