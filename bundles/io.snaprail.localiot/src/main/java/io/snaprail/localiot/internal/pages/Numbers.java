package io.snaprail.localiot.internal.pages;

import io.snaprail.api.console.ConsoleException;
import io.snaprail.api.console.ConsoleRequest;

/** Numbers in addresses. */
final class Numbers {
  private Numbers() {}

  /** A part of the query that is a whole number from 0 on; 0 when it is not there. */
  static long query(ConsoleRequest request, String name) throws ConsoleException {
    return parse(name, request.query(name).orElse("0"));
  }

  /** A part of the path that is a whole number from 0 on. */
  static int parameter(ConsoleRequest request, String name) throws ConsoleException {
    return Math.toIntExact(Math.min(Integer.MAX_VALUE, parse(name, request.parameter(name))));
  }

  private static long parse(String name, String text) throws ConsoleException {
    if (!text.matches("[0-9]{1,15}")) {
      throw new ConsoleException(
          400, "bad_value", name + ": expected a whole number from 0 on, found '" + text + "'");
    }
    return Long.parseLong(text);
  }
}
