package io.snaprail.core.internal.forms;

import io.snaprail.api.driver.Device;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.metatype.AttributeDefinition;
import org.osgi.service.metatype.MetaTypeInformation;
import org.osgi.service.metatype.MetaTypeService;
import org.osgi.service.metatype.ObjectClassDefinition;

/**
 * The metatype service with the common device settings added to the form of every component that
 * makes devices. So a driver declares its own settings only, and every form and every check of a
 * configuration knows both. Ranks above the service it completes.
 */
@Component(
    service = MetaTypeService.class,
    property = {Constants.SERVICE_RANKING + ":Integer=100", "snaprail.completed:Boolean=true"})
public final class Forms implements MetaTypeService {
  private final MetaTypeService original;
  private final ServiceComponentRuntime components;

  /** Completes the metatype service below. */
  @Activate
  public Forms(
      @Reference(target = "(!(snaprail.completed=*))") MetaTypeService original,
      @Reference ServiceComponentRuntime components) {
    this.original = original;
    this.components = components;
  }

  @Override
  public @Nullable MetaTypeInformation getMetaTypeInformation(Bundle bundle) {
    MetaTypeInformation information = original.getMetaTypeInformation(bundle);
    return information == null ? null : new Completed(information, bundle);
  }

  /** Whether a component that is configured by the PID makes devices. */
  private boolean makesDevices(Bundle bundle, String pid) {
    for (ComponentDescriptionDTO component : components.getComponentDescriptionDTOs(bundle)) {
      if (Arrays.asList(component.configurationPid).contains(pid)
          && Arrays.asList(component.serviceInterfaces).contains(Device.class.getName())) {
        return true;
      }
    }
    return false;
  }

  /** One bundle's forms. */
  private final class Completed implements MetaTypeInformation {
    private final MetaTypeInformation own;
    private final Bundle bundle;

    Completed(MetaTypeInformation own, Bundle bundle) {
      this.own = own;
      this.bundle = bundle;
    }

    @Override
    public ObjectClassDefinition getObjectClassDefinition(String id, @Nullable String locale) {
      ObjectClassDefinition form = own.getObjectClassDefinition(id, locale);
      if (form == null || !makesDevices(bundle, id)) {
        return form;
      }
      return new Joined(form);
    }

    @Override
    public String[] getPids() {
      return own.getPids();
    }

    @Override
    public String[] getFactoryPids() {
      return own.getFactoryPids();
    }

    @Override
    public Bundle getBundle() {
      return bundle;
    }

    @Override
    public String[] getLocales() {
      return own.getLocales();
    }
  }

  /** A driver's form and the common settings; where both have a key the driver's counts. */
  private record Joined(ObjectClassDefinition own) implements ObjectClassDefinition {
    @Override
    public String getName() {
      return own.getName();
    }

    @Override
    public String getID() {
      return own.getID();
    }

    @Override
    public String getDescription() {
      return own.getDescription();
    }

    @Override
    public AttributeDefinition[] getAttributeDefinitions(int filter) {
      Map<String, AttributeDefinition> all = new LinkedHashMap<>();
      AttributeDefinition[] attributes = own.getAttributeDefinitions(filter);
      if (attributes != null) {
        Arrays.stream(attributes).forEach(a -> all.put(a.getID(), a));
      }
      CommonAttributes.of(filter).forEach(a -> all.putIfAbsent(a.getID(), a));
      return all.values().toArray(AttributeDefinition[]::new);
    }

    @Override
    public @Nullable InputStream getIcon(int size) throws IOException {
      return own.getIcon(size);
    }
  }
}
