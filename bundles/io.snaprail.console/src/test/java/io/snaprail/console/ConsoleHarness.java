package io.snaprail.console;

import io.snaprail.console.internal.access.LoginForms;
import io.snaprail.console.internal.access.Logout;
import io.snaprail.console.internal.access.Sessions;
import io.snaprail.console.internal.live.Broadcaster;
import io.snaprail.console.internal.page.AccessForms;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * The console on a real HTTPS port, as Felix runs it: the guard before everything, our servlets
 * behind it, and a servlet at {@code /system/console} that stands for Felix Web Console.
 */
public final class ConsoleHarness implements AutoCloseable {
  final FakeGateway gateway = new FakeGateway();
  final AtomicLong nanos = new AtomicLong(1_000_000_000L);
  final Sessions sessions = new Sessions(nanos::get);
  final FakeFelix felix = new FakeFelix();
  final FakeStore store = new FakeStore(Clock.systemUTC());
  final URI base;
  private final Server server;
  private final Broadcaster broadcaster;

  /** Starts on a port. */
  public ConsoleHarness(int port) throws Exception {
    gateway.certificates = store;
    this.server = new Server(new QueuedThreadPool(16));
    HttpsConnectors connectors =
        new HttpsConnectors(store, Sockets.bind("127.0.0.1", port), Duration.ofSeconds(2));
    LoginForms forms = new LoginForms();
    Logout logout = new Logout(sessions, gateway);
    this.broadcaster = new Broadcaster(gateway, sessions);
    ConsoleGuard guard =
        new ConsoleGuard(gateway, sessions, forms, config("127.0.0.1", 0, "gateway.example"));
    ServletContextHandler context = new ServletContextHandler("/", ServletContextHandler.SESSIONS);
    ServletHolder holder =
        new ServletHolder(
            new Dispatcher(
                guard,
                new ApiServlet(gateway, broadcaster),
                new PagesServlet(new AccessForms(gateway, sessions, forms), logout, gateway),
                felix));
    holder.setAsyncSupported(true);
    context.addServlet(holder, "/*");
    server.setHandler(context);
    server.start();
    var connector = connectors.createConnector(server);
    server.addConnector(connector);
    connector.start();
    int bound = ((org.eclipse.jetty.server.ServerConnector) connector).getLocalPort();
    base = URI.create("https://127.0.0.1:" + bound);
  }

  @Override
  public void close() throws Exception {
    broadcaster.deactivate();
    server.stop();
  }

  /** A configuration as DS would give it. */
  static ConsoleConfig config(String host, int port, String... names) {
    Map<String, Object> values = Map.of("host", host, "port", port, "names", names);
    return (ConsoleConfig)
        Proxy.newProxyInstance(
            ConsoleConfig.class.getClassLoader(),
            new Class<?>[] {ConsoleConfig.class},
            (proxy, method, arguments) -> values.get(method.getName()));
  }

  /** Does what the HTTP whiteboard does: preprocessor first, then the servlet that fits. */
  private static final class Dispatcher extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient ConsoleGuard guard;
    private final HttpServlet api;
    private final HttpServlet pages;
    private final HttpServlet felix;

    Dispatcher(ConsoleGuard guard, HttpServlet api, HttpServlet pages, HttpServlet felix) {
      this.guard = guard;
      this.api = api;
      this.pages = pages;
      this.felix = felix;
    }

    @Override
    public void init() throws jakarta.servlet.ServletException {
      for (HttpServlet servlet : List.of(api, pages, felix)) {
        servlet.init(getServletConfig());
      }
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws jakarta.servlet.ServletException, IOException {
      String path = request.getPathInfo();
      HttpServlet target =
          path.startsWith("/api/") || path.equals("/metrics")
              ? api
              : path.startsWith("/system/console") ? felix : pages;
      guard.doFilter(request, response, target::service);
    }
  }

  /** Stands for a page that knows nothing of us. */
  static final class FakeFelix extends HttpServlet {
    private static final long serialVersionUID = 1L;

    final AtomicInteger changes = new AtomicInteger();
    final AtomicInteger reads = new AtomicInteger();

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      reads.incrementAndGet();
      if (request.getPathInfo().endsWith("/broken")) {
        breakDown(request.getParameter("how"), response);
        return;
      }
      response.setHeader("Cache-Control", "public");
      response.setHeader("Content-Security-Policy", "default-src *");
      response.setContentType("text/html");
      response
          .getWriter()
          .println("<html><head>\n<title>Bundles</title></head><body>list</body></html>");
    }

    private static void breakDown(String how, HttpServletResponse response) throws IOException {
      if (how.equals("plain")) {
        response.sendError(400);
        return;
      }
      if (how.equals("writer")) {
        response.setContentType("text/html");
        response.getWriter().print("half a page");
      }
      response.sendError(400, null);
      if (how.equals("writer")) {
        response.getWriter().print("more of it");
      }
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      changes.incrementAndGet();
      response.setContentType("application/json");
      response.getWriter().println("{\"done\":true}");
    }
  }

  /** A TLS context for clients that trust the test identity without looking. */
  static SSLContext trusting() throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new TrustAll()}, new SecureRandom());
    return context;
  }

  private static final class TrustAll extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

    @Override
    public void checkClientTrusted(
        X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

    @Override
    public void checkServerTrusted(
        X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
