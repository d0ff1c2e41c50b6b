package io.snaprail.localiot.internal.rest;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;

/**
 * A request as it has come.
 *
 * @param method such as {@code GET}
 * @param path levels of the path, decoded
 * @param query first value of each parameter
 * @param body may be empty
 * @param client who asks
 */
record RestRequest(
    String method,
    List<String> path,
    Map<String, String> query,
    @SuppressWarnings("ArrayRecordComponent") byte[] body,
    Client client) {

  RestRequest {
    path = List.copyOf(path);
    query = Map.copyOf(query);
  }

  /** Who asks: certificate and IP address. */
  record Client(X509Certificate certificate, String address) {}

  String query(String name) {
    return query.getOrDefault(name, "");
  }
}
