package io.snaprail.console;

import io.snaprail.console.internal.access.Caller;
import io.snaprail.console.internal.access.CrossSite;
import io.snaprail.console.internal.access.Logout;
import io.snaprail.console.internal.access.Refusal;
import io.snaprail.console.internal.access.RequestRules;
import io.snaprail.console.internal.access.Zone;
import io.snaprail.console.internal.api.Services;
import io.snaprail.console.internal.page.AccessForms;
import io.snaprail.console.internal.page.Assets;
import io.snaprail.console.internal.page.ErrorPage;
import io.snaprail.console.internal.page.ExtensionPages;
import io.snaprail.console.internal.page.Page;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Our pages, and whatever no other servlet serves. */
@Component(
    service = Servlet.class,
    property = {
      "osgi.http.whiteboard.servlet.pattern=/",
      "osgi.http.whiteboard.servlet.name=io.snaprail.console.pages",
    })
public final class PagesServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  private final transient AccessForms forms;
  private final transient Logout logout;
  private final transient Services services;
  private final transient ExtensionPages extensions;

  /** Made by DS. */
  @Activate
  public PagesServlet(
      @Reference AccessForms forms, @Reference Logout logout, @Reference Services services) {
    this.forms = forms;
    this.logout = logout;
    this.services = services;
    this.extensions = new ExtensionPages(services);
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String path = RequestRules.path(request);
    Zone zone = Zone.of(path);
    try {
      if (zone == Zone.PUBLIC) {
        servePublic(path, request, response);
      } else {
        Caller caller =
            Caller.of(request)
                .orElseThrow(() -> new Refusal(503, "guard", "The console's guard is missing."));
        servePage(path, caller, request, response);
      }
    } catch (Refusal refusal) {
      ErrorPage.write(request, response, zone, refusal);
    }
  }

  private void servePublic(String path, HttpServletRequest request, HttpServletResponse response)
      throws Refusal, IOException {
    switch (path) {
      case "/login", "/claim" -> forms.serve(path, request, response);
      case "/favicon.ico" -> redirect(response, Assets.root() + "icon.svg");
      default -> serveAsset(path, request, response);
    }
  }

  private void servePage(
      String path, Caller caller, HttpServletRequest request, HttpServletResponse response)
      throws Refusal, IOException {
    if (path.equals("/logout")) {
      requireMethod(request, "POST");
      logout.end(request, response);
      return;
    }
    if (path.startsWith("/ext/")) {
      requireMethod(request, "GET");
      extensions.serve(path, caller, response);
      return;
    }
    Page page =
        Page.at(path)
            .orElseThrow(() -> new Refusal(404, "not_found", "There is no page at " + path + "."));
    requireMethod(request, "GET");
    if (page == Page.ROOT) {
      redirect(response, "/points");
      return;
    }
    if (!caller.principal().role().includes(page.role())) {
      throw Refusal.role(page.role());
    }
    response.setContentType("text/html;charset=utf-8");
    response.getWriter().write(page.render(caller, services.extensions()));
  }

  private static void serveAsset(
      String path, HttpServletRequest request, HttpServletResponse response)
      throws Refusal, IOException {
    requireMethod(request, "GET");
    Assets.Asset asset =
        Assets.find(path)
            .orElseThrow(() -> new Refusal(404, "not_found", "There is nothing at " + path + "."));
    response.setHeader("Cache-Control", "private, max-age=31536000, immutable");
    response.setContentType(asset.type());
    response.setContentLength(asset.content().length);
    response.getOutputStream().write(asset.content());
  }

  private static void requireMethod(HttpServletRequest request, String method) throws Refusal {
    String given = request.getMethod();
    boolean reads = CrossSite.isSafe(given) && method.equals("GET");
    if (!given.equals(method) && !reads) {
      throw new Refusal(
          405, "method", "This address takes " + method + " only.", Map.of("Allow", method));
    }
  }

  private static void redirect(HttpServletResponse response, String target) {
    response.setStatus(HttpServletResponse.SC_SEE_OTHER);
    response.setHeader("Location", target);
  }
}
