package io.snaprail.sparkplug.internal;

/**
 * Topics of an edge node: specification 3.0.0, 4.
 *
 * @param group group id
 * @param node edge node id, unique in its group
 */
public record Names(String group, String node) {
  private static final String SPACE = "spBv1.0/";

  /** Checks the ids; messages name key, expected and found. */
  public Names {
    check("group", group);
    check("node", node);
  }

  /** An id as 4.1 allows it: not empty, without {@code + / #}. */
  static void check(String key, String id) {
    boolean plain =
        id.chars()
            .noneMatch(
                c -> c == '+' || c == '/' || c == '#' || c == '{' || Character.isISOControl(c));
    if (id.isBlank() || !plain || id.length() > 128) {
      throw new IllegalArgumentException(
          key + ": expected 1..128 characters without '+', '/', '#' and '{', found '" + id + "'");
    }
  }

  /** Checks the id of a host application. */
  public static void checkHost(String id) {
    check("primary.host", id);
  }

  String nodeBirth() {
    return node("NBIRTH");
  }

  String nodeDeath() {
    return node("NDEATH");
  }

  String nodeCommand() {
    return node("NCMD");
  }

  String deviceBirth(String device) {
    return node("DBIRTH") + "/" + device;
  }

  String deviceDeath(String device) {
    return node("DDEATH") + "/" + device;
  }

  /** Topic of a device's data; also the template of the uplink. */
  public String deviceData(String device) {
    return node("DDATA") + "/" + device;
  }

  String deviceCommands() {
    return node("DCMD") + "/+";
  }

  /** The device whose command comes on a topic; empty when it is no such topic. */
  String commanded(String topic) {
    return behind(node("DCMD") + "/", topic);
  }

  /** The device whose data goes to a topic; empty when it is no such topic. */
  String device(String topic) {
    return behind(deviceData(""), topic);
  }

  /** Where a host application says whether it is there: 4.1.2. */
  static String state(String host) {
    return SPACE + "STATE/" + host;
  }

  private String node(String type) {
    return SPACE + group + "/" + type + "/" + node;
  }

  private static String behind(String start, String topic) {
    return topic.startsWith(start) ? topic.substring(start.length()) : "";
  }
}
