package io.snaprail.api.driver;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Settings that are not saved yet as the form of a component: for {@link DriverTools#open}. The
 * same as the framework hands them over (Declarative Services 1.5, section 112.8.2), but that a
 * wrong type is told instead of replaced.
 */
public final class FormView {
  private FormView() {}

  /**
   * A form.
   *
   * @param form an annotation with settings of the types int, boolean, String and String[]
   * @param settings as {@link DriverTools#open} takes them
   * @throws IllegalArgumentException when a setting is of another type: key, expected and found
   */
  public static <F> F of(Class<F> form, Map<String, Object> settings) {
    Map<String, Object> values = new HashMap<>();
    for (Method method : form.getMethods()) {
      if (method.getParameterCount() == 0 && method.getDefaultValue() != null) {
        values.put(method.getName(), value(method, settings.get(key(method.getName()))));
      }
    }
    return form.cast(
        Proxy.newProxyInstance(
            form.getClassLoader(),
            new Class<?>[] {form},
            (proxy, method, arguments) -> {
              Object value = values.get(method.getName());
              if (value == null) {
                throw new UnsupportedOperationException(method.getName());
              }
              return value;
            }));
  }

  /** Section 112.8.2.1: an underscore is a dot, two are one. */
  static String key(String method) {
    return method.replace("__", "\0").replace('_', '.').replace('\0', '_');
  }

  private static Object value(Method method, @Nullable Object found) {
    if (found == null) {
      return method.getDefaultValue();
    }
    Class<?> type = method.getReturnType();
    if (type == int.class) {
      return checked(method, "a whole number", found, whole(found));
    }
    if (type == boolean.class) {
      return checked(method, "true or false", found, flag(found));
    }
    if (type == String.class) {
      return checked(method, "a text", found, text(found));
    }
    if (type == String[].class) {
      return checked(method, "a list of texts", found, texts(found));
    }
    throw new IllegalStateException("no form has a setting of " + type);
  }

  private static Object checked(
      Method method, String expected, Object found, @Nullable Object value) {
    if (value == null) {
      throw new IllegalArgumentException(
          key(method.getName()) + ": expected " + expected + ", found '" + found + "'");
    }
    return value;
  }

  private static @Nullable Integer whole(Object found) {
    if (found instanceof Number number) {
      return number.doubleValue() == number.intValue() ? number.intValue() : null;
    }
    String text = found.toString().strip();
    return text.matches("[-+]?\\d{1,9}") ? Integer.valueOf(text) : null;
  }

  private static @Nullable Boolean flag(Object found) {
    String text = found.toString();
    return text.matches("true|false") ? Boolean.valueOf(text) : null;
  }

  private static @Nullable String text(Object found) {
    return found instanceof Iterable || found.getClass().isArray() ? null : found.toString();
  }

  private static String @Nullable [] texts(Object found) {
    if (found instanceof String text) {
      return new String[] {text};
    }
    if (found instanceof Object[] array) {
      return Arrays.stream(array).map(String::valueOf).toArray(String[]::new);
    }
    return found instanceof Collection<?> list
        ? list.stream().map(String::valueOf).toArray(String[]::new)
        : null;
  }
}
