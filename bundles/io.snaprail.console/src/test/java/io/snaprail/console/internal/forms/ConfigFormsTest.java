package io.snaprail.console.internal.forms;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.api.driver.DeviceProperties;
import io.snaprail.console.internal.forms.ConfigForm.Field;
import io.snaprail.console.internal.forms.ConfigForm.Limits;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.framework.Bundle;
import org.osgi.service.metatype.AttributeDefinition;
import org.osgi.service.metatype.MetaTypeInformation;
import org.osgi.service.metatype.MetaTypeService;
import org.osgi.service.metatype.ObjectClassDefinition;

class ConfigFormsTest {
  private static final Attribute BACKOFF =
      new Attribute(
          DeviceProperties.BACKOFF_MIN_MS, AttributeDefinition.INTEGER, 0, "1000", 10, 3600);

  @Test
  void aDriversFormIsReadWithTheCommonFieldsLast() {
    ConfigForm form =
        read(
                BACKOFF,
                new Attribute("host", AttributeDefinition.STRING, 0, "", 0, 0),
                new Attribute("port", AttributeDefinition.INTEGER, 0, "502", 1, 65535))
            .get(0);

    assertThat(form.fields())
        .extracting(Field::id)
        .containsExactly("host", "port", "backoff.min.ms");
    assertThat(form.fields()).extracting(Field::required).containsExactly(true, false, false);
    assertThat(form.fields()).extracting(Field::common).containsExactly(false, false, true);
    assertThat(form.fields().get(1).limits()).isEqualTo(new Limits(1L, 65535L));
    assertThat(form.fields().get(1).type()).isEqualTo(ConfigForm.Type.WHOLE);
  }

  @Test
  void listsAndChoicesAreToldApart() {
    ConfigForm form =
        read(
                BACKOFF,
                new Attribute("rows", AttributeDefinition.STRING, Integer.MAX_VALUE, "", 0, 0),
                new Attribute(
                    "order", AttributeDefinition.STRING, 0, "AB", 0, 0, List.of("AB", "BA")))
            .get(0);

    assertThat(form.fields().get(0).many()).isTrue();
    assertThat(form.fields().get(0).required()).isFalse();
    assertThat(form.fields().get(1).options())
        .containsExactly(
            new ConfigForm.Option("AB", "label of AB"), new ConfigForm.Option("BA", "label of BA"));
  }

  @Test
  void whatMakesNoDevicesIsNoDriver() {
    assertThat(read(new Attribute("port", AttributeDefinition.INTEGER, 0, "1", 0, 9))).isEmpty();
  }

  @Test
  void aBrokenBundleHidesNoOther() {
    MetaTypeService service =
        bundle -> {
          if (bundle.getSymbolicName().equals("broken")) {
            throw new IllegalStateException("broken");
          }
          return information(new Form(List.of(BACKOFF)));
        };

    assertThat(ConfigForms.devices(service, new Bundle[] {bundle("broken"), bundle("good")}))
        .hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "0, -9223372036854775808, 9223372036854775807",
    "5, 5, 5",
    "0, 0, 1",
    "-3, -9, -2",
    "502, 1, 65535",
    "7, -9223372036854775807, 9223372036854775806"
  })
  void limitsAreFoundToTheLastDigit(String initial, long min, long max) {
    Attribute attribute = new Attribute("x", AttributeDefinition.LONG, 0, initial, min, max);

    assertThat(Ranges.of(attribute, List.of(initial)))
        .isEqualTo(
            new Limits(min == Long.MIN_VALUE ? null : min, max == Long.MAX_VALUE ? null : max));
  }

  @Test
  void withoutAGoodValueNoLimitIsTold() {
    assertThat(Ranges.of(new Attribute("x", AttributeDefinition.LONG, 0, "", 50, 60), List.of()))
        .isEqualTo(Limits.NONE);
    assertThat(Ranges.of(new Attribute("x", AttributeDefinition.LONG, 0, "y", 0, 60), List.of("y")))
        .isEqualTo(Limits.NONE);
  }

  private static List<ConfigForm> read(Attribute... attributes) {
    Form form = new Form(Arrays.asList(attributes));
    return ConfigForms.devices(bundle -> information(form), new Bundle[] {bundle("acme")});
  }

  private static Bundle bundle(String name) {
    return fake(Bundle.class, Map.of("getState", Bundle.ACTIVE, "getSymbolicName", name));
  }

  private static MetaTypeInformation information(Form form) {
    return fake(
        MetaTypeInformation.class,
        Map.of("getFactoryPids", new String[] {"acme"}, "getObjectClassDefinition", form));
  }

  private static <T> T fake(Class<T> type, Map<String, Object> answers) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> answers.get(method.getName())));
  }

  private record Form(List<Attribute> attributes) implements ObjectClassDefinition {
    @Override
    public String getName() {
      return "ACME";
    }

    @Override
    public String getID() {
      return "acme";
    }

    @Override
    public String getDescription() {
      return null;
    }

    @Override
    public AttributeDefinition[] getAttributeDefinitions(int filter) {
      return attributes.toArray(AttributeDefinition[]::new);
    }

    @Override
    public java.io.InputStream getIcon(int size) {
      return null;
    }
  }

  private record Attribute(
      String id,
      int type,
      int cardinality,
      String initial,
      long min,
      long max,
      List<String> choices)
      implements AttributeDefinition {
    Attribute(String id, int type, int cardinality, String initial, long min, long max) {
      this(id, type, cardinality, initial, min, max, List.of());
    }

    @Override
    public String getName() {
      return id;
    }

    @Override
    public String getID() {
      return id;
    }

    @Override
    public String getDescription() {
      return "";
    }

    @Override
    public int getCardinality() {
      return cardinality;
    }

    @Override
    public int getType() {
      return type;
    }

    @Override
    public String[] getOptionValues() {
      return choices.isEmpty() ? null : choices.toArray(String[]::new);
    }

    @Override
    public String[] getOptionLabels() {
      return choices.isEmpty()
          ? null
          : choices.stream().map(choice -> "label of " + choice).toArray(String[]::new);
    }

    @Override
    public String validate(String value) {
      try {
        long number = Long.parseLong(value);
        return number >= min && number <= max ? "" : "out of range";
      } catch (NumberFormatException e) {
        return "no number";
      }
    }

    @Override
    public String[] getDefaultValue() {
      return new String[] {initial};
    }
  }
}
