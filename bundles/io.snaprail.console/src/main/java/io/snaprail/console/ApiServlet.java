package io.snaprail.console;

import io.snaprail.console.internal.access.Caller;
import io.snaprail.console.internal.access.Refusal;
import io.snaprail.console.internal.access.RequestRules;
import io.snaprail.console.internal.access.Zone;
import io.snaprail.console.internal.api.ApiRequest;
import io.snaprail.console.internal.api.BusRoutes;
import io.snaprail.console.internal.api.CertificateRoutes;
import io.snaprail.console.internal.api.CommandRoutes;
import io.snaprail.console.internal.api.ConfigurationRoutes;
import io.snaprail.console.internal.api.DriverRoutes;
import io.snaprail.console.internal.api.ExtensionRoutes;
import io.snaprail.console.internal.api.GatewayRoutes;
import io.snaprail.console.internal.api.LaterReply;
import io.snaprail.console.internal.api.MapRoutes;
import io.snaprail.console.internal.api.MetricsRoutes;
import io.snaprail.console.internal.api.OpenApi;
import io.snaprail.console.internal.api.Replies;
import io.snaprail.console.internal.api.Reply;
import io.snaprail.console.internal.api.RootRoutes;
import io.snaprail.console.internal.api.RotationRoutes;
import io.snaprail.console.internal.api.Router;
import io.snaprail.console.internal.api.SecretRoutes;
import io.snaprail.console.internal.api.Services;
import io.snaprail.console.internal.api.TokenRoutes;
import io.snaprail.console.internal.api.UplinkRoutes;
import io.snaprail.console.internal.live.Broadcaster;
import io.snaprail.console.internal.page.ErrorPage;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP API and the metrics. */
@Component(
    service = Servlet.class,
    property = {
      "osgi.http.whiteboard.servlet.pattern=/api/*",
      "osgi.http.whiteboard.servlet.pattern=/metrics",
      "osgi.http.whiteboard.servlet.name=io.snaprail.console.api",
      "osgi.http.whiteboard.servlet.asyncSupported:Boolean=true",
    })
public final class ApiServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(ApiServlet.class);

  private final transient Router router;

  /** Made by DS. */
  @Activate
  public ApiServlet(@Reference Services services, @Reference Broadcaster broadcaster) {
    this(routes(services, broadcaster, Clock.systemUTC()));
  }

  ApiServlet(Router router) {
    this.router = router;
  }

  /** Every route of the API. */
  static Router routes(Services services, Broadcaster broadcaster, Clock clock) {
    Router router = new Router();
    new GatewayRoutes(services, clock).addTo(router);
    new BusRoutes(services).addTo(router);
    new DriverRoutes(services).addTo(router);
    ConfigurationRoutes.devices(services).addTo(router);
    ConfigurationRoutes.uplinks(services).addTo(router);
    new UplinkRoutes(services, clock).addTo(router);
    new MapRoutes(services).addTo(router);
    new CommandRoutes(services, clock).addTo(router);
    new TokenRoutes(services).addTo(router);
    new SecretRoutes(services).addTo(router);
    new CertificateRoutes(services).addTo(router);
    new RotationRoutes(services, clock).addTo(router);
    new RootRoutes(services).addTo(router);
    new MetricsRoutes(services, clock).addTo(router);
    broadcaster.addTo(router);
    new ExtensionRoutes(services).addTo(router);
    OpenApi.addTo(router, services);
    return router;
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    try {
      Reply reply = handle(request);
      if (reply instanceof Reply.Takeover takeover) {
        takeover.take(request, response);
      } else if (reply instanceof Reply.Later later) {
        LaterReply.await(request, response, later);
      } else {
        Replies.write(response, reply);
      }
    } catch (Refusal refusal) {
      if (request.getContentLengthLong() > 0 && !request.getInputStream().isFinished()) {
        // The body was not read, so nothing more can come through this connection.
        response.setHeader("Connection", "close");
      }
      ErrorPage.write(request, response, Zone.API, refusal);
    } catch (RuntimeException e) { // a request ends here; the next one must be served
      LOG.error("{} {} failed", request.getMethod(), RequestRules.path(request), e);
      ErrorPage.write(
          request,
          response,
          Zone.API,
          new Refusal(500, "internal", "The gateway could not answer; its log says why."));
    }
  }

  private Reply handle(HttpServletRequest request) throws Refusal, IOException {
    Caller caller =
        Caller.of(request)
            .orElseThrow(() -> new Refusal(503, "guard", "The console's guard is missing."));
    Router.Match match = router.match(request.getMethod(), RequestRules.path(request));
    if (!caller.principal().role().includes(match.route().role())) {
      throw Refusal.role(match.route().role(), caller.principal());
    }
    return match.route().handler().handle(new ApiRequest(caller, match.parameters(), request));
  }
}
