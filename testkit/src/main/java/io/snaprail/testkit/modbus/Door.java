package io.snaprail.testkit.modbus;

/** How clients come to the server: a port, open or not. Safe for any thread. */
interface Door {
  /** The port, also while it is shut. */
  int port();

  /** How many connections are open; of datagrams, how many clients have been seen. */
  int open();

  /** Ends every connection in an orderly way; stays open. */
  void hangUp();

  /** Breaks every connection and takes no more: the next client is refused. */
  void shut();

  /** Takes clients again, on the same port. */
  void reopen();
}
