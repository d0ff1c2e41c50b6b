package io.snaprail.driver.modbus.internal.tls;

import io.snaprail.api.certificate.CertificateStore;
import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.certificate.IdentityListener;
import io.snaprail.api.health.Problem;
import io.snaprail.api.health.ProblemBoard;
import io.snaprail.driver.modbus.internal.transport.SecurityFailureException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What connections over TLS need of the certificate store, which may come and go. When an identity
 * or a set of roots changes, the next connection uses the new one, and those that are open are
 * closed: at once when nothing is under way, else at the end of the exchange. Safe for any thread.
 */
@Component(service = TlsKeys.class)
public final class TlsKeys {
  private static final Logger LOG = LoggerFactory.getLogger(TlsKeys.class);

  /** How long a device may be greeted as known without its certificate being looked at again. */
  private static final int RESUME_SECONDS = 3600;

  private final Map<String, Context> contexts = new ConcurrentHashMap<>();
  private final Set<TlsStream> open = ConcurrentHashMap.newKeySet();

  /** How often each name in the store has changed. */
  private final Map<String, AtomicLong> changes = new ConcurrentHashMap<>();

  /** How often another store has come. */
  private final AtomicLong stores = new AtomicLong();

  /** Roles of identities that have been shown; empty for none. */
  private final Map<String, Optional<String>> roles = new ConcurrentHashMap<>();

  /** What was last told of each connection, by its host, port and variant. */
  private final Map<String, String> told = new ConcurrentHashMap<>();

  private final ProblemBoard board;
  private final @Nullable ServiceRegistration<IdentityListener> listener;

  // Not final: the store comes and goes while devices go on.
  private volatile @Nullable CertificateStore certificates;

  /** A TLS context, and the state of the store that it was made in. */
  record Context(SSLContext tls, long version) {}

  /** Called by the framework. */
  @Activate
  public TlsKeys(BundleContext context, @Reference ProblemBoard board) {
    this.board = board;
    // Not a service of the component: the store would have to activate it while it is being
    // activated itself, since this component asks for the store.
    listener = context.registerService(IdentityListener.class, this::changed, null);
  }

  /** For tests, which call {@link #changed} themselves. */
  public TlsKeys(@Nullable CertificateStore store, ProblemBoard board) {
    this.board = board;
    listener = null;
    certificates = store;
  }

  /**
   * The context for a connection.
   *
   * @throws SecurityFailureException when the store or what is wanted of it is not there
   */
  Context context(TlsTarget target) throws SecurityFailureException {
    CertificateStore store = certificates;
    if (store == null) {
      throw new SecurityFailureException(
          "the certificate store is not running. Check that the bundle io.snaprail.certificates is"
              + " active",
          null);
    }
    String key = target.identity() + ";" + target.roots();
    long version = version(target);
    Context known = contexts.get(key);
    if (known != null && known.version() == version) {
      return known;
    }
    try {
      SSLContext tls = store.clientContext(target.identity(), target.roots());
      tls.getClientSessionContext().setSessionTimeout(RESUME_SECONDS);
      Context fresh = new Context(tls, version);
      contexts.put(key, fresh);
      return fresh;
    } catch (CertificateStoreException e) {
      throw new SecurityFailureException(String.valueOf(e.getMessage()), e);
    }
  }

  private long version(TlsTarget target) {
    return stores.get() + changes(target.identity()) + changes(target.roots());
  }

  private long changes(String name) {
    AtomicLong count = changes.get(name);
    return count == null ? 0 : count.get();
  }

  /** A connection is up. */
  void connected(TlsStream stream, TlsTarget target, Context context, SSLSession session)
      throws SecurityFailureException {
    open.add(stream);
    if (version(target) != context.version()) {
      // The store changed meanwhile, and nobody could tell this connection.
      stream.retire();
    }
    String own = Role.of(session.getLocalCertificates());
    roles.put(target.identity(), Optional.ofNullable(own));
    tell(target, own, session);
  }

  private void tell(TlsTarget target, @Nullable String own, SSLSession session)
      throws SecurityFailureException {
    try {
      String text =
          "%s, identity '%s' has %s, the device's certificate has %s"
              .formatted(
                  session.getProtocol(),
                  target.identity(),
                  session.getLocalCertificates() == null
                      ? "not been asked for: the device takes anybody"
                      : shown(own),
                  shown(Role.of(session.getPeerCertificates())));
      String where = target.host() + ":" + target.port() + target.variant();
      if (!text.equals(told.put(where, text))) {
        LOG.info("{}:{}: {}", target.host(), target.port(), text);
      }
    } catch (SSLPeerUnverifiedException e) {
      throw new SecurityFailureException("the device has shown no certificate", e);
    }
  }

  private static String shown(@Nullable String role) {
    return role == null ? "no role" : "the role '" + role + "'";
  }

  /** What was told of the latest connection to a device; empty before the first. */
  public String connection(TlsTarget target) {
    return told.getOrDefault(target.host() + ":" + target.port() + target.variant(), "");
  }

  /** The role of an identity that has been shown to a device; empty when it has none. */
  Optional<String> role(String identity) {
    return roles.getOrDefault(identity, Optional.empty());
  }

  /** See {@link ProblemBoard#report}. */
  void report(String source, List<Problem> problems) {
    board.report(source, problems);
  }

  /** The device has answered, and so has taken what it was shown. */
  void accepted(Context context) {
    CertificateStore store = certificates;
    if (store != null) {
      store.accepted(context.tls());
    }
  }

  /** The device was reached, and did not answer in its protocol: perhaps for what it was shown. */
  void failed(Context context) {
    CertificateStore store = certificates;
    if (store != null) {
      store.failed(context.tls());
    }
    // While another identity is on trial, the store may want the other one to be shown now.
    contexts.values().remove(context);
  }

  void closed(TlsStream stream) {
    open.remove(stream);
  }

  /** An identity or a set of roots has changed. */
  public void changed(String name) {
    changes.computeIfAbsent(name, n -> new AtomicLong()).incrementAndGet();
    roles.remove(name);
    retire(name);
  }

  /**
   * Lets connections go.
   *
   * @param name of what they depend on; empty for all of them
   */
  private void retire(String name) {
    for (TlsStream stream : open) {
      if (name.isEmpty() || stream.dependsOn(name)) {
        stream.retire();
      }
    }
  }

  @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
  void bindCertificates(CertificateStore store) {
    certificates = store;
    stores.incrementAndGet();
    retire("");
  }

  void unbindCertificates(CertificateStore store) {
    if (certificates == store) {
      certificates = null;
    }
  }

  @Deactivate
  void deactivate() {
    if (listener != null) {
      listener.unregister();
    }
    retire("");
  }
}
