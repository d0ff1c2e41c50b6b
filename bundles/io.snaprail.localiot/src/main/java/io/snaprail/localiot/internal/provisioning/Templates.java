package io.snaprail.localiot.internal.provisioning;

import io.snaprail.api.file.AtomicFile;
import io.snaprail.localiot.internal.limits.Quotas;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Templates on disk: {@code NAME.json} is the body of template {@code NAME} as AWS prints it, so
 * one that is put there by hand counts from the next request on. Used by the services' thread only.
 */
final class Templates {
  private static final String SUFFIX = ".json";

  private final Path folder;

  Templates(Path folder) {
    this.folder = folder;
  }

  List<String> names() throws ProvisioningException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        names.add(name.substring(0, name.length() - SUFFIX.length()));
      }
    } catch (NoSuchFileException nothingYet) {
      return List.of();
    } catch (IOException e) {
      throw ProvisioningException.internal(e);
    }
    Collections.sort(names);
    return names;
  }

  /** The text of a template. */
  String text(String name) throws ProvisioningException {
    requireName(name);
    try {
      Path file = file(name);
      if (Files.size(file) > 4L * Quotas.TEMPLATE_CHARACTERS) {
        throw ProvisioningException.template(file + " is too large for a template");
      }
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new ProvisioningException(
          404, "ResourceNotFound", "there is no provisioning template '" + name + "'");
    } catch (IOException e) {
      throw ProvisioningException.internal(e);
    }
  }

  Template read(String name) throws ProvisioningException {
    return Template.parse(text(name));
  }

  void write(String name, String text) throws ProvisioningException {
    requireName(name);
    Template.parse(text);
    try {
      AtomicFile.write(file(name), text.getBytes(StandardCharsets.UTF_8), AtomicFile.PRIVATE);
    } catch (IOException e) {
      throw ProvisioningException.internal(e);
    }
  }

  void delete(String name) throws ProvisioningException {
    requireName(name);
    try {
      AtomicFile.delete(file(name));
    } catch (IOException e) {
      throw ProvisioningException.internal(e);
    }
  }

  private Path file(String name) {
    return folder.resolve(name + SUFFIX);
  }

  private static void requireName(String name) throws ProvisioningException {
    if (!Template.validName(name)) {
      throw ProvisioningException.template(
          "name: expected 1..36 letters, digits, '_', '-', found '" + name + "'");
    }
  }
}
