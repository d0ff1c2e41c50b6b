package io.snaprail.localiot.internal.rest;

import com.google.gson.JsonObject;

/**
 * An answer.
 *
 * @param status HTTP status
 * @param error AWS's name of what is wrong; empty when nothing is
 * @param body JSON
 */
record RestAnswer(int status, String error, JsonObject body) {
  static RestAnswer ok(JsonObject body) {
    return new RestAnswer(200, "", body);
  }
}
