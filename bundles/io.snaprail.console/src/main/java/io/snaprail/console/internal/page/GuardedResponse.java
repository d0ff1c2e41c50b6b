package io.snaprail.console.internal.page;

import io.snaprail.console.internal.access.Refusal;
import io.snaprail.console.internal.access.Zone;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Gives errors the form of their zone: the servlet engine's own pages would show too much. */
public class GuardedResponse extends HttpServletResponseWrapper {
  private final HttpServletRequest request;
  private final Zone zone;

  /** Wraps the response to a request. */
  public GuardedResponse(HttpServletRequest request, HttpServletResponse response, Zone zone) {
    super(response);
    this.request = request;
    this.zone = zone;
  }

  @Override
  public void sendError(int status) throws IOException {
    sendError(status, "");
  }

  @Override
  public void sendError(int status, @Nullable String message) throws IOException {
    String text =
        switch (status) {
          case 404 -> "There is nothing at " + request.getRequestURI() + ".";
          case 405 -> "This address does not take " + request.getMethod() + ".";
          default ->
              status >= 500
                  ? "The gateway could not answer this request; its log says why."
                  : message == null || message.isEmpty() ? "The request was refused." : message;
        };
    ErrorPage.write(
        request,
        (HttpServletResponse) getResponse(),
        zone,
        new Refusal(status, "http_" + status, text));
  }
}
