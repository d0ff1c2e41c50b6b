package io.snaprail.driver.modbus.internal.connection;

import io.snaprail.api.driver.DriverException;
import io.snaprail.driver.modbus.internal.transport.ChecksumException;
import io.snaprail.driver.modbus.internal.transport.ExplainedException;
import io.snaprail.driver.modbus.internal.transport.PduRequest;
import io.snaprail.driver.modbus.internal.transport.SecurityFailureException;
import io.snaprail.driver.modbus.internal.transport.WrongAnswerException;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Locale;

/**
 * What went wrong on a connection, for people and for the core.
 *
 * @param name host and port
 */
record Failures(String name) {
  /** There is no connection. */
  DriverException unreachable(IOException e, Lease lease) {
    String message = "cannot connect to " + name + ": " + words(e, lease);
    return e instanceof SecurityFailureException
        ? DriverException.security(message, e)
        : DriverException.unreachable(message, e);
  }

  /** A request has not been sent. */
  DriverException unsent(PduRequest request, String why) {
    return DriverException.unreachable(name + ": cannot " + request.operation() + ": " + why, null);
  }

  /** A request was sent and there is no answer to it; counts that. */
  DriverException failure(
      IOException e, Lease lease, int unit, PduRequest request, UnitCounters counters) {
    String where = name + " unit " + unit + ": ";
    if (e instanceof WrongAnswerException) {
      (e instanceof ChecksumException ? counters.checksumErrors : counters.wrongAnswers)
          .increment();
      return DriverException.wrongAnswer(
          where + "wrong answer to " + request.operation() + ": " + e.getMessage(), e);
    }
    if (e instanceof SocketTimeoutException) {
      counters.timeouts.increment();
      return DriverException.noAnswer(
          where + "no complete answer to " + request.operation() + " in time", e);
    }
    counters.lostConnections.increment();
    if (e instanceof SecurityFailureException) {
      return DriverException.security(
          where + "cannot " + request.operation() + ": " + words(e, lease), e);
    }
    if (e instanceof PortUnreachableException) {
      // The host has sent the request back: nothing there has taken it.
      return DriverException.unreachable(
          where + "cannot " + request.operation() + ": " + words(e, lease), e);
    }
    return DriverException.noAnswer(
        where + "no answer to " + request.operation() + ": " + words(e, lease), e);
  }

  /** What happened, for people; the same words every time it happens. */
  private static String words(IOException e, Lease lease) {
    if (lease.closed()) {
      return "the device has been deactivated";
    }
    if (e instanceof UnknownHostException) {
      return "the host name is not known";
    }
    if (e instanceof SocketTimeoutException) {
      return "no answer in time";
    }
    if (e instanceof PortUnreachableException) {
      return "nothing listens on this port";
    }
    if (e instanceof NoRouteToHostException) {
      return "no route to host";
    }
    if (e instanceof ConnectException) {
      return "connection refused: nothing listens there, or the device takes no further connection";
    }
    if (e instanceof EOFException) {
      return "the device closed the connection";
    }
    String message = e.getMessage();
    if (message != null && e instanceof ExplainedException) {
      return message;
    }
    return message == null ? e.getClass().getSimpleName() : message.toLowerCase(Locale.ROOT);
  }
}
