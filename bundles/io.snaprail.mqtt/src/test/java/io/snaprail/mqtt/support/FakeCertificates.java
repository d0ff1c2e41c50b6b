package io.snaprail.mqtt.support;

import io.snaprail.api.certificate.CertificateStore;
import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.certificate.IdentityInfo;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;

/** A certificate store of what a test puts into it; everything else is refused. */
public final class FakeCertificates {
  private final Map<String, TestCa.Identity> identities = new ConcurrentHashMap<>();
  private final Map<String, TestCa> roots = new ConcurrentHashMap<>();

  public void identity(String name, TestCa.Identity identity) {
    identities.put(name, identity);
  }

  public void roots(String name, TestCa ca) {
    roots.put(name, ca);
  }

  public CertificateStore store() {
    return (CertificateStore)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {CertificateStore.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "active" -> active((String) arguments[0]);
                  case "rootSets" -> Set.copyOf(roots.keySet());
                  case "clientContext" ->
                      clientContext((String) arguments[0], (String) arguments[1]);
                  case "accepted", "failed" -> null;
                  case "toString" -> "fake";
                  case "hashCode" -> 1;
                  case "equals" -> proxy == arguments[0];
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  private SSLContext clientContext(String identity, String rootSet)
      throws CertificateStoreException {
    TestCa ca = roots.get(rootSet);
    if (ca == null) {
      throw new CertificateStoreException("no roots '" + rootSet + "'");
    }
    return ca.clientContext(identity.isEmpty() ? null : identities.get(identity));
  }

  private Optional<IdentityInfo> active(String name) {
    return Optional.ofNullable(identities.get(name))
        .map(
            identity ->
                new IdentityInfo(
                    name,
                    IdentityInfo.State.ACTIVE,
                    "EC P-256",
                    identity.certificate().getSubjectX500Principal().getName(),
                    identity.certificate().getIssuerX500Principal().getName(),
                    "",
                    identity.certificate().getNotBefore().toInstant(),
                    identity.certificate().getNotAfter().toInstant(),
                    List.of(),
                    ""));
  }
}
