package io.snaprail.console.internal.forms;

import io.snaprail.api.driver.DeviceProperties;
import io.snaprail.console.internal.forms.DriverForm.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.service.metatype.AttributeDefinition;
import org.osgi.service.metatype.MetaTypeInformation;
import org.osgi.service.metatype.MetaTypeService;
import org.osgi.service.metatype.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the forms of drivers from what their bundles declare. */
public final class DriverForms {
  private static final Logger LOG = LoggerFactory.getLogger(DriverForms.class);

  /** Settings of every device; the core adds them to the forms of those that make devices. */
  private static final Set<String> COMMON =
      Set.of(
          DeviceProperties.NAME,
          DeviceProperties.ENABLED,
          DeviceProperties.MAP,
          DeviceProperties.POINTS,
          DeviceProperties.PERIOD_MS,
          DeviceProperties.TIMEOUT_MS,
          DeviceProperties.BACKOFF_MIN_MS,
          DeviceProperties.BACKOFF_MAX_MS,
          DeviceProperties.READ_BACK);

  private static final Map<Integer, DriverForm.Type> TYPES =
      Map.of(
          AttributeDefinition.PASSWORD, DriverForm.Type.PASSWORD,
          AttributeDefinition.LONG, DriverForm.Type.WHOLE,
          AttributeDefinition.INTEGER, DriverForm.Type.WHOLE,
          AttributeDefinition.SHORT, DriverForm.Type.WHOLE,
          AttributeDefinition.BYTE, DriverForm.Type.WHOLE,
          AttributeDefinition.DOUBLE, DriverForm.Type.NUMBER,
          AttributeDefinition.FLOAT, DriverForm.Type.NUMBER,
          AttributeDefinition.BOOLEAN, DriverForm.Type.BOOLEAN);

  private DriverForms() {}

  /** The forms of every kind of device that the bundles make, by their names. */
  public static List<DriverForm> read(MetaTypeService service, Bundle[] bundles) {
    List<DriverForm> forms = new ArrayList<>();
    for (Bundle bundle : bundles) {
      if ((bundle.getState() & (Bundle.STARTING | Bundle.ACTIVE)) != 0) {
        read(service, bundle, forms);
      }
    }
    forms.sort(Comparator.comparing(DriverForm::name).thenComparing(DriverForm::pid));
    return forms;
  }

  private static void read(MetaTypeService service, Bundle bundle, List<DriverForm> into) {
    try {
      MetaTypeInformation declared = service.getMetaTypeInformation(bundle);
      String[] pids = declared == null ? null : declared.getFactoryPids();
      for (String pid : pids == null ? new String[0] : pids) {
        ObjectClassDefinition definition = declared.getObjectClassDefinition(pid, null);
        if (definition != null && isDevice(definition)) {
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

  private static DriverForm form(String pid, ObjectClassDefinition definition) {
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
    return new DriverForm(
        pid, text(definition.getName()), text(definition.getDescription()), fields);
  }

  private static Field field(AttributeDefinition attribute, boolean required) {
    DriverForm.Type type = TYPES.getOrDefault(attribute.getType(), DriverForm.Type.TEXT);
    boolean many = attribute.getCardinality() != 0;
    List<String> initial = initial(attribute);
    List<DriverForm.Option> options = options(attribute);
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
        type == DriverForm.Type.WHOLE && options.isEmpty()
            ? Ranges.of(attribute, initial)
            : DriverForm.Limits.NONE);
  }

  private static List<String> initial(AttributeDefinition attribute) {
    String[] found = attribute.getDefaultValue();
    return found == null
        ? List.of()
        : Arrays.stream(found).filter(value -> value != null && !value.isEmpty()).toList();
  }

  private static List<DriverForm.Option> options(AttributeDefinition attribute) {
    String[] values = attribute.getOptionValues();
    String[] labels = attribute.getOptionLabels();
    List<DriverForm.Option> options = new ArrayList<>();
    for (int i = 0; values != null && i < values.length; i++) {
      boolean named = labels != null && i < labels.length;
      options.add(new DriverForm.Option(values[i], named ? labels[i] : values[i]));
    }
    return options;
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }
}
