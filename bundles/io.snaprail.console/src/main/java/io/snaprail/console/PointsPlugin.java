package io.snaprail.console;

import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URL;
import org.apache.felix.webconsole.servlet.AbstractServlet;
import org.apache.felix.webconsole.servlet.ServletConstants;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;

/** The entry in Felix Web Console's menu that leads back to our pages. */
@Component(
    service = Servlet.class,
    property = {
      ServletConstants.PLUGIN_LABEL + "=" + PointsPlugin.LABEL,
      ServletConstants.PLUGIN_TITLE + "=Points",
      ServletConstants.PLUGIN_CATEGORY + "=Snaprail",
    })
public final class PointsPlugin extends AbstractServlet {
  private static final long serialVersionUID = 1L;

  /** Last part of its address. */
  static final String LABEL = "snaprail";

  /** Where its icon is, below its own address. */
  static final String ICON = "/res/icon.svg";

  @Override
  protected @Nullable URL getResource(String path) {
    return path.endsWith(ICON) ? getClass().getResource("internal/page/icon.svg") : null;
  }

  /** Reached where {@link ConsoleGuard} has not led the way to the page already. */
  @Override
  public void renderContent(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.getWriter().println("<p><a href=\"/points\">Back to the points</a></p>");
  }
}
