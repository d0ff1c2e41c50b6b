package io.snaprail.security.internal;

import com.google.gson.JsonObject;
import io.snaprail.api.security.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** The accounts on disk: {@code accounts.json}, mode 0600, hashes only. */
final class AccountFile {
  private final Path file;

  AccountFile(Path file) {
    this.file = file;
  }

  Path path() {
    return file;
  }

  /** Every account by name; none when there is no file. */
  Map<String, Account> load() throws IOException {
    Map<String, Account> accounts = new TreeMap<>();
    if (!Files.exists(file)) {
      return accounts;
    }
    JsonObject all = Json.child(file, Json.read(file), "accounts");
    for (String name : all.keySet()) {
      accounts.put(name, read(name, Json.child(file, all, name)));
    }
    return accounts;
  }

  private Account read(String name, JsonObject entry) throws IOException {
    try {
      JsonObject password = Json.child(file, entry, "password");
      PasswordHash hash =
          new PasswordHash(
              Json.string(file, password, "algorithm"),
              Integer.parseInt(Json.string(file, password, "iterations")),
              Json.string(file, password, "salt"),
              Json.string(file, password, "hash"));
      Role role = Role.valueOf(Json.string(file, entry, "role"));
      return new Account(name, role, hash, Instant.parse(Json.string(file, entry, "created")));
    } catch (IllegalArgumentException | DateTimeException wrong) {
      throw Json.damaged(file, "account '" + name + "': " + wrong.getMessage());
    }
  }

  void save(Map<String, Account> accounts) throws IOException {
    JsonObject all = new JsonObject();
    accounts.forEach(
        (name, account) -> {
          JsonObject password = new JsonObject();
          password.addProperty("algorithm", account.password().algorithm());
          password.addProperty("iterations", account.password().iterations());
          password.addProperty("salt", account.password().salt());
          password.addProperty("hash", account.password().hash());
          JsonObject entry = new JsonObject();
          entry.addProperty("role", account.role().name());
          entry.addProperty("created", account.created().toString());
          entry.add("password", password);
          all.add(name, entry);
        });
    JsonObject root = new JsonObject();
    root.addProperty("version", 1);
    root.add("accounts", all);
    Json.write(file, root);
  }

  /**
   * An account.
   *
   * @param created when, by the system clock
   */
  record Account(String name, Role role, PasswordHash password, Instant created) {}
}
