package io.snaprail.console;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of the console, PID {@code io.snaprail.console}. */
@ObjectClassDefinition(
    name = "Snaprail console",
    description = "Where the console and the HTTP API listen. HTTPS only.")
public @interface ConsoleConfig {
  /** PID of the configuration. */
  String PID = "io.snaprail.console";

  /** Address to listen on. */
  @AttributeDefinition(
      name = "Host",
      description =
          "Address to listen on. 127.0.0.1 serves this machine only; 0.0.0.0 serves every network"
              + " that the gateway is in.")
  String host() default "127.0.0.1";

  /** TCP port, 1..65535; 0 takes any free one. */
  @AttributeDefinition(
      name = "Port",
      description = "TCP port, 1..65535. 0 takes any free port, named in the log.",
      min = "0",
      max = "65535")
  int port() default 8443;

  /** Further names and addresses under which browsers reach the console. */
  @AttributeDefinition(
      name = "Names",
      description =
          "Further DNS names under which browsers reach the console, besides localhost, the name of"
              + " this machine and its addresses. They are put into the console's certificate;"
              + " requests for other names are refused.")
  String[] names() default {};
}
