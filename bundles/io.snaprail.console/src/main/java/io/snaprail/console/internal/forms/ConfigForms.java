package io.snaprail.console.internal.forms;

import io.snaprail.api.driver.DeviceProperties;
import io.snaprail.api.uplink.Uplink;
import io.snaprail.console.internal.forms.ConfigForm.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.service.metatype.AttributeDefinition;
import org.osgi.service.metatype.MetaTypeInformation;
import org.osgi.service.metatype.MetaTypeService;
import org.osgi.service.metatype.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the forms of devices and uplinks from what their bundles declare. */
public final class ConfigForms {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigForms.class);

  /** Settings of every device; the core adds them to the forms of those that make devices. */
  private static final Set<String> COMMON =
      Set.of(
          DeviceProperties.NAME,
          DeviceProperties.ENABLED,
          DeviceProperties.MAP,
          DeviceProperties.POINTS,
          DeviceProperties.DEADBANDS,
          DeviceProperties.PERIOD_MS,
          DeviceProperties.TIMEOUT_MS,
          DeviceProperties.BACKOFF_MIN_MS,
          DeviceProperties.BACKOFF_MAX_MS,
          DeviceProperties.READ_BACK);

  private static final Map<Integer, ConfigForm.Type> TYPES =
      Map.of(
          AttributeDefinition.PASSWORD, ConfigForm.Type.PASSWORD,
          AttributeDefinition.LONG, ConfigForm.Type.WHOLE,
          AttributeDefinition.INTEGER, ConfigForm.Type.WHOLE,
          AttributeDefinition.SHORT, ConfigForm.Type.WHOLE,
          AttributeDefinition.BYTE, ConfigForm.Type.WHOLE,
          AttributeDefinition.DOUBLE, ConfigForm.Type.NUMBER,
          AttributeDefinition.FLOAT, ConfigForm.Type.NUMBER,
          AttributeDefinition.BOOLEAN, ConfigForm.Type.BOOLEAN);

  private ConfigForms() {}

  /** Tells the PIDs of a bundle whose forms are wanted. */
  @FunctionalInterface
  private interface Choice {
    boolean wanted(String pid, ObjectClassDefinition definition);
  }

  /** The forms of every kind of device that the bundles make, by their names. */
  public static List<ConfigForm> devices(MetaTypeService service, Bundle[] bundles) {
    return read(service, bundles, bundle -> (pid, definition) -> isDevice(definition));
  }

  /** The forms of every kind of uplink that the bundles say they make, by their names. */
  public static List<ConfigForm> uplinks(MetaTypeService service, Bundle[] bundles) {
    return read(
        service,
        bundles,
        bundle -> {
          Set<String> pids = uplinks(bundle);
          return (pid, definition) -> pids.contains(pid);
        });
  }

  private static Set<String> uplinks(Bundle bundle) {
    BundleWiring wiring = bundle.adapt(BundleWiring.class);
    return wiring == null
        ? Set.of()
        : wiring.getCapabilities(Uplink.NAMESPACE).stream()
            .map(capability -> String.valueOf(capability.getAttributes().get(Uplink.NAMESPACE)))
            .collect(Collectors.toSet());
  }

  private static List<ConfigForm> read(
      MetaTypeService service, Bundle[] bundles, Function<Bundle, Choice> choices) {
    List<ConfigForm> forms = new ArrayList<>();
    for (Bundle bundle : bundles) {
      if ((bundle.getState() & (Bundle.STARTING | Bundle.ACTIVE)) != 0) {
        read(service, bundle, choices, forms);
      }
    }
    forms.sort(Comparator.comparing(ConfigForm::name).thenComparing(ConfigForm::pid));
    return forms;
  }

  private static void read(
      MetaTypeService service,
      Bundle bundle,
      Function<Bundle, Choice> choices,
      List<ConfigForm> into) {
    try {
      Choice choice = choices.apply(bundle);
      MetaTypeInformation declared = service.getMetaTypeInformation(bundle);
      String[] pids = declared == null ? null : declared.getFactoryPids();
      for (String pid : pids == null ? new String[0] : pids) {
        ObjectClassDefinition definition = declared.getObjectClassDefinition(pid, null);
        if (definition != null && choice.wanted(pid, definition)) {
          into.add(form(pid, definition));
        }
      }
    } catch (RuntimeException e) {
      // Any bundle's declarations are read here; a broken one must not hide the others.
      LOG.debug("The forms of {} cannot be read", bundle.getSymbolicName(), e);
    }
  }

  /** Only the forms of devices have what the core adds. */
  private static boolean isDevice(ObjectClassDefinition definition) {
    return Arrays.stream(all(definition, ObjectClassDefinition.ALL))
        .anyMatch(attribute -> attribute.getID().equals(DeviceProperties.BACKOFF_MIN_MS));
  }

  private static AttributeDefinition[] all(ObjectClassDefinition definition, int filter) {
    AttributeDefinition[] found = definition.getAttributeDefinitions(filter);
    return found == null ? new AttributeDefinition[0] : found;
  }

  private static ConfigForm form(String pid, ObjectClassDefinition definition) {
    Set<String> required =
        Arrays.stream(all(definition, ObjectClassDefinition.REQUIRED))
            .map(AttributeDefinition::getID)
            .collect(Collectors.toSet());
    List<Field> fields =
        Arrays.stream(all(definition, ObjectClassDefinition.ALL))
            .filter(attribute -> !attribute.getID().startsWith("service."))
            .map(attribute -> field(attribute, required.contains(attribute.getID())))
            .sorted(Comparator.comparing(Field::common))
            .toList();
    return new ConfigForm(
        pid, text(definition.getName()), text(definition.getDescription()), fields);
  }

  private static Field field(AttributeDefinition attribute, boolean required) {
    ConfigForm.Type type = TYPES.getOrDefault(attribute.getType(), ConfigForm.Type.TEXT);
    boolean many = attribute.getCardinality() != 0;
    List<String> initial = initial(attribute);
    List<ConfigForm.Option> options = options(attribute);
    return new Field(
        attribute.getID(),
        text(attribute.getName()),
        text(attribute.getDescription()),
        type,
        many,
        required && !many && initial.isEmpty(),
        COMMON.contains(attribute.getID()),
        initial,
        options,
        type == ConfigForm.Type.WHOLE && options.isEmpty()
            ? Ranges.of(attribute, initial)
            : ConfigForm.Limits.NONE);
  }

  private static List<String> initial(AttributeDefinition attribute) {
    String[] found = attribute.getDefaultValue();
    return found == null
        ? List.of()
        : Arrays.stream(found).filter(value -> value != null && !value.isEmpty()).toList();
  }

  private static List<ConfigForm.Option> options(AttributeDefinition attribute) {
    String[] values = attribute.getOptionValues();
    String[] labels = attribute.getOptionLabels();
    List<ConfigForm.Option> options = new ArrayList<>();
    for (int i = 0; values != null && i < values.length; i++) {
      boolean named = labels != null && i < labels.length;
      options.add(new ConfigForm.Option(values[i], named ? labels[i] : values[i]));
    }
    return options;
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }
}
