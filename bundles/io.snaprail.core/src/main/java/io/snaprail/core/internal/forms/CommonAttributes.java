package io.snaprail.core.internal.forms;

import io.snaprail.api.driver.DeviceProperties;
import io.snaprail.core.internal.settings.MillisSetting;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.service.metatype.AttributeDefinition;
import org.osgi.service.metatype.ObjectClassDefinition;

/** The common settings of every device as attributes of a form. */
final class CommonAttributes {
  private static final List<AttributeDefinition> OPTIONAL =
      List.of(
          new Attribute(
              DeviceProperties.NAME,
              "Name",
              "Name of the device, unique on the gateway. Empty: what follows ~ in the PID, that"
                  + " is, in the name of its file",
              AttributeDefinition.STRING,
              0,
              "",
              null),
          new Attribute(
              DeviceProperties.READ_BACK,
              "Read back what was written",
              "Whether a point that was written is read at once, and the write taken as failed"
                  + " when it holds something else",
              AttributeDefinition.BOOLEAN,
              0,
              "false",
              null),
          new Attribute(
              DeviceProperties.MAP,
              "Register map",
              "A CSV file in config/maps/, or a ready map",
              AttributeDefinition.STRING,
              0,
              "",
              null),
          new Attribute(
              DeviceProperties.DEADBANDS,
              "Deadbands",
              "Deadbands in place of those of the points' rows: point=deadband each",
              AttributeDefinition.STRING,
              Integer.MAX_VALUE,
              "",
              null),
          new Attribute(
              DeviceProperties.POINTS,
              "Points",
              "Points inline, a row each: name,address,type,order,scale,offset,unit,access,period,"
                  + "deadband,min,max,description",
              AttributeDefinition.STRING,
              Integer.MAX_VALUE,
              "",
              null));

  private CommonAttributes() {}

  /** Attributes by the filter of {@link ObjectClassDefinition}. */
  static List<AttributeDefinition> of(int filter) {
    List<AttributeDefinition> attributes = new ArrayList<>();
    if (filter != ObjectClassDefinition.OPTIONAL) {
      attributes.add(
          new Attribute(
              DeviceProperties.ENABLED,
              "Enabled",
              "Whether the device is polled",
              AttributeDefinition.BOOLEAN,
              0,
              "true",
              null));
      MillisSetting.ALL.forEach(setting -> attributes.add(millis(setting)));
    }
    if (filter != ObjectClassDefinition.REQUIRED) {
      attributes.addAll(OPTIONAL);
    }
    return attributes;
  }

  private static AttributeDefinition millis(MillisSetting setting) {
    return new Attribute(
        setting.key(),
        setting.label(),
        setting.description() + ", " + setting.min() + ".." + setting.max(),
        AttributeDefinition.INTEGER,
        0,
        Long.toString(setting.standard()),
        setting);
  }

  private record Attribute(
      String id,
      String name,
      String description,
      int type,
      int cardinality,
      String standard,
      @Nullable MillisSetting millis)
      implements AttributeDefinition {
    @Override
    public String getID() {
      return id;
    }

    @Override
    public String getName() {
      return name;
    }

    @Override
    public String getDescription() {
      return description;
    }

    @Override
    public int getType() {
      return type;
    }

    @Override
    public int getCardinality() {
      return cardinality;
    }

    @Override
    public String @Nullable [] getDefaultValue() {
      return cardinality == 0 ? new String[] {standard} : new String[0];
    }

    @Override
    public String @Nullable [] getOptionLabels() {
      return null;
    }

    @Override
    public String @Nullable [] getOptionValues() {
      return null;
    }

    @Override
    public @Nullable String validate(String value) {
      if (millis == null || millis.parse(value) != null) {
        return "";
      }
      return "expected " + millis.expected() + ", found '" + value + "'";
    }
  }
}
