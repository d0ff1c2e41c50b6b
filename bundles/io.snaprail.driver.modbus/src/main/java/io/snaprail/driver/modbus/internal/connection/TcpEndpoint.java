package io.snaprail.driver.modbus.internal.connection;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.DriverException;
import io.snaprail.driver.modbus.internal.nio.IoLoop;
import io.snaprail.driver.modbus.internal.nio.MbapChannel;
import io.snaprail.driver.modbus.internal.transport.AnswerCheck;
import io.snaprail.driver.modbus.internal.transport.Mbap;
import io.snaprail.driver.modbus.internal.transport.PduRequest;
import io.snaprail.driver.modbus.internal.transport.WrongAnswerException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Modbus TCP: one host and port, the one connection to it, and the table of the requests under way
 * on it. It is opened when it is needed. Several devices use it in turn; a device that allows it
 * has several requests under way at once.
 *
 * <p>Each request has a transaction identifier of its own, by which its answer is known. So a
 * request that got no answer in time does not cost the connection: the answer is dropped when it
 * comes. But when a second request, sent after that, gets none either, and nothing else has come,
 * the connection may be half open, and is closed; as it is when a frame has begun and does not go
 * on, and after any answer that is wrong.
 *
 * <p>Threads: whoever sends writes to the socket himself, without waiting; all else is done by the
 * thread of the {@link IoLoop}. The lock guards everything; whoever asked is told after it was
 * given back.
 */
final class TcpEndpoint extends SharedConnection implements MbapChannel.Owner {
  /** Most requests that wait to be sent: the core asks for devices of a bus one after another. */
  private static final int MAX_WAITING = 256;

  private static final String GONE = "the device has been deactivated";

  private final ReentrantLock lock = new ReentrantLock();
  private final Alarm alarm;

  /** Not sent yet, in the order in which they will be. */
  private final Deque<Pending> waiting = new ArrayDeque<>();

  private final Transactions transactions = new Transactions();

  private @Nullable MbapChannel channel;
  private @Nullable Connecting connecting;
  private boolean closed;

  private long lastUse;

  /** How long the device that used it last lets it be idle, in nanoseconds; 0 for ever. */
  private long idleNanos;

  /** Connects to nothing yet. */
  TcpEndpoint(Way way, Services services) {
    super(way, services);
    alarm = new Alarm(services.loop(), () -> locked(this::timeIsUp));
  }

  @Override
  byte[] exchange(Lease lease, int unit, PduRequest request, Times times) throws DriverException {
    BlockingAnswer answer = new BlockingAnswer();
    exchange(new Pending(lease, unit, request, times, answer));
    return answer.await(times.deadline(), name());
  }

  /** Sends a request as soon as it may be; whoever asked is told. */
  void exchange(Pending pending) {
    locked(
        told -> {
          if (closed || pending.lease.closed()) {
            told.unsent(pending, GONE);
          } else if (waiting.size() >= MAX_WAITING) {
            told.unsent(pending, "too many requests wait for the connection");
          } else {
            waiting.add(pending);
            sendWhatMayBe(told);
          }
        });
  }

  /** As many at once as the device whose turn it is allows. */
  private void sendWhatMayBe(Outcomes told) {
    if (transactions.crowded() && transactions.isEmpty()) {
      disconnect();
    }
    for (Pending next = waiting.peek(); next != null; next = waiting.peek()) {
      if (next.times.deadline().expired()) {
        waiting.remove();
        told.unsent(
            next, "no time left: raise timeout.ms, or let the device have fewer reads to do");
      } else if (transactions.size() >= next.lease.settings().outstanding()) {
        alarm.noLaterThan(next.due);
        return;
      } else if (channel == null) {
        connect(next);
        return;
      } else {
        waiting.remove();
        send(channel, next, told);
      }
    }
  }

  private void send(MbapChannel open, Pending pending, Outcomes told) {
    int transaction = transactions.begin(pending);
    pending.sent();
    lastUse = pending.sent;
    idleNanos = pending.lease.settings().idle().toNanos();
    counters(pending.unit).requests.increment();
    alarm.noLaterThan(pending.due);
    try {
      open.write(Mbap.frame(transaction, pending.unit, pending.request.pdu()));
    } catch (IOException e) {
      lost(e, told);
    }
  }

  // ---- connecting ----

  private void connect(Pending first) {
    alarm.noLaterThan(first.due);
    if (connecting == null) {
      Deadline time = first.times.deadline().orIn(first.lease.settings().connectTimeout());
      Connecting attempt = new Connecting(this, time);
      connecting = attempt;
      alarm.noLaterThan(System.nanoTime() + time.remainingNanos());
      // Never here: looking a name up blocks, and the thread may be anyone's.
      services().resolver().find(way().host()).whenComplete(attempt::resolved);
    }
  }

  @Override
  public void connected(MbapChannel opened) {
    locked(
        told -> {
          if (connecting == null || !connecting.isOf(opened)) {
            opened.close();
            return;
          }
          connecting = null;
          channel = opened;
          connects.increment();
          lastUse = System.nanoTime();
          sendWhatMayBe(told);
        });
  }

  /** Whether somebody still waits for an attempt. */
  boolean wants(Connecting attempt) {
    lock.lock();
    try {
      return attempt.equals(connecting);
    } finally {
      lock.unlock();
    }
  }

  /** An attempt has tried every address. */
  void cannotConnect(Connecting attempt, IOException why) {
    locked(
        told -> {
          if (attempt.equals(connecting)) {
            giveUp(attempt, why, told);
          }
        });
  }

  private void giveUp(Connecting attempt, IOException why, Outcomes told) {
    connecting = null;
    attempt.close();
    connectFailures.increment();
    // They all wait for the same host: for none of them would it be there.
    for (Pending each : waiting) {
      told.unreachable(each, why);
    }
    waiting.clear();
  }

  // ---- what comes ----

  @Override
  public MbapChannel.Awaited awaited() {
    return new AwaitedAnswers(lock, transactions);
  }

  @Override
  public void frame(MbapChannel from, int found, byte[] pdu) {
    locked(
        told -> {
          if (from.equals(channel)) {
            Pending pending = transactions.came(found);
            if (pending != null) {
              answered(pending, found, pdu, told);
            }
            sendWhatMayBe(told);
          }
        });
  }

  private void answered(Pending pending, int found, byte[] pdu, Outcomes told) {
    String fault = AnswerCheck.fault(pending.request, pdu);
    if (fault != null) {
      lost(new WrongAnswerException(fault), told);
      return;
    }
    long now = System.nanoTime();
    transactions.answered(found, pdu, now);
    lastUse = now;
    UnitCounters counters = counters(pending.unit);
    if (now - pending.due >= 0) {
      // Threads are held up: what came too late is late all the same.
      told.failed(pending, new SocketTimeoutException());
      return;
    }
    counters.answered(pdu, now - pending.sent);
    told.answered(pending, pdu);
  }

  @Override
  public void broken(MbapChannel which, IOException why) {
    Connecting attempt;
    Outcomes told = new Outcomes(this);
    lock.lock();
    try {
      attempt = connecting;
      if (which.equals(channel)) {
        lost(why, told);
        sendWhatMayBe(told);
      } else {
        which.close();
      }
    } finally {
      lock.unlock();
    }
    told.tell();
    if (attempt != null && attempt.isOf(which)) {
      attempt.next(why);
    }
  }

  /** The connection is of no more use; all that is under way on it has failed. */
  private void lost(IOException why, Outcomes told) {
    for (Pending each : transactions.end()) {
      told.failed(each, why);
    }
    disconnect();
  }

  private void disconnect() {
    if (channel != null) {
      channel.close();
      channel = null;
    }
    transactions.restart();
  }

  // ---- time ----

  private void timeIsUp(Outcomes told) {
    alarm.rings();
    long now = System.nanoTime();
    expireUnderWay(now, told);
    expireWaiting(now, told);
    if (connecting != null && connecting.expired()) {
      giveUp(connecting, new SocketTimeoutException("connect"), told);
    }
    closeWhenIdle(now);
    sendWhatMayBe(told);
    setTimerAgain();
  }

  private void expireUnderWay(long now, Outcomes told) {
    List<Pending> over = transactions.giveUp(each -> now - each.due >= 0, now);
    if (over.isEmpty()) {
      return;
    }
    over.forEach(each -> told.failed(each, new SocketTimeoutException()));
    if (transactions.unanswered(over, now) || (channel != null && channel.midFrame())) {
      lost(new IOException("nothing comes on this connection any more"), told);
    }
  }

  private void expireWaiting(long now, Outcomes told) {
    waiting.removeIf(
        each -> {
          boolean over = now - each.due >= 0;
          if (over && channel == null) {
            told.unreachable(each, new SocketTimeoutException());
          } else if (over) {
            told.unsent(each, "the connection is in use by another device");
          }
          return over;
        });
  }

  private void closeWhenIdle(long now) {
    boolean unused = transactions.isEmpty() && waiting.isEmpty();
    if (unused && idleNanos > 0 && now - lastUse - idleNanos >= 0) {
      disconnect();
    }
  }

  private void setTimerAgain() {
    transactions.all().forEach(each -> alarm.noLaterThan(each.due));
    waiting.forEach(each -> alarm.noLaterThan(each.due));
    if (connecting != null) {
      alarm.noLaterThan(connecting.due());
    }
    if (channel != null && idleNanos > 0) {
      alarm.noLaterThan(lastUse + idleNanos);
    }
  }

  // ---- ends ----

  @Override
  boolean connected() {
    lock.lock();
    try {
      return channel != null;
    } finally {
      lock.unlock();
    }
  }

  @Override
  void rest(Lease lease) {
    lock.lock();
    try {
      if (!lease.settings().keep() && transactions.isEmpty() && waiting.isEmpty()) {
        disconnect();
      }
    } finally {
      lock.unlock();
    }
  }

  /** What it has under way is given up; its answers are dropped when they come. */
  @Override
  void abandon(Lease lease) {
    locked(
        told -> {
          Predicate<Pending> own = each -> each.lease.equals(lease);
          for (Pending each : transactions.giveUp(own, System.nanoTime())) {
            told.failed(each, new IOException());
          }
          waiting.stream().filter(own).forEach(each -> told.unsent(each, GONE));
          waiting.removeIf(own);
          sendWhatMayBe(told);
        });
  }

  @Override
  void closeSocket() {
    locked(
        told -> {
          closed = true;
          IOException why = new IOException("the connection was closed");
          lost(why, told);
          if (connecting != null) {
            giveUp(connecting, why, told);
          }
          alarm.cancel();
        });
  }

  /** Does something under the lock, and then what it has left to be told. */
  private void locked(Consumer<Outcomes> what) {
    Outcomes told = new Outcomes(this);
    lock.lock();
    try {
      what.accept(told);
    } finally {
      lock.unlock();
    }
    told.tell();
  }
}
