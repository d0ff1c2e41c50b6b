package io.snaprail.itests;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.tools.ToolProvider;

/**
 * A driver as an OEM makes, signs and ships it: compiled against the API alone, signed with the
 * JDK's jarsigner and keys of its keytool.
 */
final class OemBundle {
  static final String NAME = "com.example.meter";
  private static final String PASS = "changeit";

  private static final String SOURCE =
      """
      package com.example.meter;

      import io.snaprail.api.driver.ReadOnlyDevice;
      import io.snaprail.api.driver.ReadPlan;
      import io.snaprail.api.model.PointDefinition;
      import java.util.List;

      public final class Meter implements ReadOnlyDevice {
        public Meter() {
          BODY
        }

        @Override
        public String bus() {
          return "meter:1";
        }

        @Override
        public ReadPlan compile(List<PointDefinition> points, PointErrors errors) {
          return (sink, deadline) -> {
            for (int i = 0; i < points.size(); i++) {
              sink.integer(i, VALUE);
            }
          };
        }
      }
      """;

  private static final String COMPONENT =
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.3.0" name="com.example.meter"
          configuration-policy="require">
        <implementation class="com.example.meter.Meter"/>
        <service><provide interface="io.snaprail.api.driver.Device"/></service>
      </scr:component>
      """;

  private final Path folder;

  OemBundle(Path folder) {
    this.folder = folder;
  }

  /** Makes a root, a signer of it, and a server of it. */
  OemBundle keys() throws Exception {
    keytool("root", "-ext", "bc:c");
    keytool("oem", "-signer", "root", "-ext", "eku=codeSigning");
    keytool("localhost", "-signer", "root", "-ext", "san=dns:localhost");
    return this;
  }

  private void keytool(String alias, String... more) throws Exception {
    Object[] command = {
      jdk("keytool"),
      "-genkeypair",
      "-alias",
      alias,
      "-dname",
      "CN=" + alias,
      "-keyalg",
      "EC",
      "-groupname",
      "secp256r1",
      "-validity",
      "30",
      "-keystore",
      store(),
      "-storepass",
      PASS
    };
    Object[] all = new Object[command.length + more.length];
    System.arraycopy(command, 0, all, 0, command.length);
    System.arraycopy(more, 0, all, command.length, more.length);
    Program.run(all);
  }

  Path store() {
    return folder.resolve("keys.p12");
  }

  char[] pass() {
    return PASS.toCharArray();
  }

  String rootPem() throws Exception {
    return Program.run(
        jdk("keytool"),
        "-exportcert",
        "-rfc",
        "-alias",
        "root",
        "-keystore",
        store(),
        "-storepass",
        PASS);
  }

  private static Path jdk(String program) {
    return Path.of(System.getProperty("java.home"), "bin", program);
  }

  /** A version that gives a value; one that gives a negative one does not activate. */
  Path version(String version, int value) throws Exception {
    Path classes = Files.createTempDirectory(folder, "classes");
    Path source = Files.createDirectories(classes.resolve("src")).resolve("Meter.java");
    String body = value < 0 ? "throw new IllegalStateException(\"no meter here\");" : "";
    Files.writeString(
        source, SOURCE.replace("BODY", body).replace("VALUE", Integer.toString(value)));
    int failed =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "--release",
                "17",
                "-cp",
                api().toString(),
                "-d",
                classes.toString(),
                source.toString());
    if (failed != 0) {
      throw new IOException("the example does not compile");
    }
    Path jar = folder.resolve("meter-" + version + ".jar");
    write(
        jar,
        version,
        Map.of(
            "OSGI-INF/meter.xml",
            COMPONENT.getBytes(StandardCharsets.UTF_8),
            "com/example/meter/Meter.class",
            Files.readAllBytes(classes.resolve("com/example/meter/Meter.class"))));
    return jar;
  }

  private static Path api() {
    return Image.list(Image.HOME.resolve("bundles")).stream()
        .filter(jar -> jar.getFileName().toString().startsWith("io.snaprail.api-"))
        .findFirst()
        .orElseThrow();
  }

  private static void write(Path jar, String version, Map<String, byte[]> files)
      throws IOException {
    Manifest manifest = new Manifest();
    Attributes headers = manifest.getMainAttributes();
    headers.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    headers.putValue("Bundle-ManifestVersion", "2");
    headers.putValue("Bundle-SymbolicName", NAME);
    headers.putValue("Bundle-Version", version);
    headers.putValue("Import-Package", "io.snaprail.api.driver,io.snaprail.api.model");
    headers.putValue("Service-Component", "OSGI-INF/meter.xml");
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file, manifest)) {
      for (Map.Entry<String, byte[]> one : files.entrySet()) {
        out.putNextEntry(new JarEntry(one.getKey()));
        out.write(one.getValue());
      }
    }
  }

  /** The same, signed as the OEM guide says. */
  Path signed(String version, int value) throws Exception {
    Path jar = version(version, value);
    Program.run(jdk("jarsigner"), "-keystore", store(), "-storepass", PASS, jar, "oem");
    return jar;
  }
}
