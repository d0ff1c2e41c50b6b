package io.snaprail.security;

import io.snaprail.api.security.SecretStore;
import io.snaprail.security.internal.SecretVault;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * The {@link SecretStore} service: {@code <data>/security/master.key} (0400) and {@code
 * secrets.json} (0600) in a folder of mode 0700. There is no such service as long as others have
 * rights to one of them: better no uplink than a key that is known.
 */
@Component(service = {})
@Capability(
    namespace = "osgi.service",
    attribute = "objectClass:List<String>=\"io.snaprail.api.security.SecretStore\"",
    uses = SecretStore.class)
public final class SecretStoreComponent {
  private final RetriedService<SecretStore> service;

  /** Opens the store, or says on the problem board why not. */
  @Activate
  public SecretStoreComponent(BundleContext context, @Reference SecurityProblems problems) {
    Path folder = DataFolder.of(context).resolve("security");
    service =
        new RetriedService<>(
            context,
            SecretStore.class,
            problems,
            () -> SecretVault.open(folder, new SecureRandom()));
    service.start();
  }

  @Deactivate
  void deactivate() throws Exception {
    service.close();
  }
}
