package io.snaprail.storage.internal.config;

import io.snaprail.storage.internal.config.Schema.Attribute;
import io.snaprail.storage.internal.config.ValueType.Shape;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.service.metatype.AttributeDefinition;
import org.osgi.service.metatype.MetaTypeInformation;
import org.osgi.service.metatype.MetaTypeService;
import org.osgi.service.metatype.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What bundles declare about their configurations through the Meta Type Service. */
final class MetaTypeSchemas implements SchemaSource {
  private static final Logger LOG = LoggerFactory.getLogger(MetaTypeSchemas.class);

  private static final Map<Integer, ScalarType> TYPES =
      Map.of(
          AttributeDefinition.STRING, ScalarType.STRING,
          AttributeDefinition.PASSWORD, ScalarType.STRING,
          AttributeDefinition.LONG, ScalarType.LONG,
          AttributeDefinition.INTEGER, ScalarType.INTEGER,
          AttributeDefinition.SHORT, ScalarType.SHORT,
          AttributeDefinition.CHARACTER, ScalarType.CHARACTER,
          AttributeDefinition.BYTE, ScalarType.BYTE,
          AttributeDefinition.DOUBLE, ScalarType.DOUBLE,
          AttributeDefinition.FLOAT, ScalarType.FLOAT,
          AttributeDefinition.BOOLEAN, ScalarType.BOOLEAN);

  private volatile Known known = new Known(Map.of(), Map.of());

  /** By PID. */
  private record Known(Map<String, Schema> factories, Map<String, Schema> singletons) {
    Known mutableCopy() {
      return new Known(new TreeMap<>(factories), new TreeMap<>(singletons));
    }
  }

  @Override
  public Schema of(String pid, @Nullable String factoryPid) {
    Known now = known;
    // Targeted PIDs: pid|symbolic name|version|location.
    String bare = (factoryPid == null ? pid : factoryPid).split("\\|", 2)[0];
    Schema single = now.singletons.getOrDefault(bare, Schema.UNKNOWN);
    return factoryPid == null ? single : now.factories.getOrDefault(bare, single);
  }

  /** PIDs that a configuration may have the name of. */
  Set<String> pids(boolean factories) {
    Known now = known;
    return factories ? now.factories.keySet() : now.singletons.keySet();
  }

  /** Forgets everything and asks about every bundle again. */
  synchronized void readAll(@Nullable MetaTypeService service, Bundle[] bundles) {
    Known fresh = new Known(new TreeMap<>(), new TreeMap<>());
    for (Bundle bundle : bundles) {
      if (service != null && (bundle.getState() & (Bundle.INSTALLED | Bundle.UNINSTALLED)) == 0) {
        read(service, bundle, fresh);
      }
    }
    known = fresh;
  }

  /** Asks about one bundle more; the PIDs it declares. */
  synchronized Set<String> read(MetaTypeService service, Bundle bundle) {
    Known more = known.mutableCopy();
    Set<String> pids = read(service, bundle, more);
    known = more;
    return pids;
  }

  private static Set<String> read(MetaTypeService service, Bundle bundle, Known into) {
    Set<String> pids = new HashSet<>();
    try {
      MetaTypeInformation information = service.getMetaTypeInformation(bundle);
      if (information != null) {
        add(information, information.getPids(), into.singletons, pids);
        add(information, information.getFactoryPids(), into.factories, pids);
      }
    } catch (RuntimeException e) {
      // Any bundle's provider is asked here; a broken one must not hide the others.
      LOG.debug("The metatype of {} cannot be read", bundle.getSymbolicName(), e);
    }
    return pids;
  }

  private static void add(
      MetaTypeInformation information,
      String @Nullable [] names,
      Map<String, Schema> into,
      Set<String> pids) {
    if (names == null) {
      return;
    }
    for (String name : names) {
      ObjectClassDefinition definition = information.getObjectClassDefinition(name, null);
      if (definition != null) {
        into.put(name, schema(definition));
        pids.add(name);
      }
    }
  }

  private static Schema schema(ObjectClassDefinition definition) {
    Map<String, Attribute> attributes = new LinkedHashMap<>();
    AttributeDefinition[] all = definition.getAttributeDefinitions(ObjectClassDefinition.ALL);
    for (AttributeDefinition one : all == null ? new AttributeDefinition[0] : all) {
      attributes.put(one.getID(), new Attribute(type(one), value -> refusal(one, value)));
    }
    return Schema.of(attributes);
  }

  /**
   * Metatype says "greater than maximum" without the limit; drivers state it in the description.
   */
  private static @Nullable String refusal(AttributeDefinition attribute, String value) {
    String wrong = attribute.validate(value);
    String description = attribute.getDescription();
    if (wrong == null || wrong.isEmpty() || description == null || description.isBlank()) {
      return wrong;
    }
    return wrong + " (" + attribute.getName() + ": " + description + ")";
  }

  private static @Nullable ValueType type(AttributeDefinition definition) {
    ScalarType scalar = TYPES.get(definition.getType());
    int cardinality = definition.getCardinality();
    Shape shape =
        cardinality == 0 ? Shape.SCALAR : cardinality > 0 ? Shape.ARRAY : Shape.COLLECTION;
    return scalar == null ? null : new ValueType(scalar, shape);
  }
}
