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
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
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
  private static final int MAX_TRANSACTION = 65_535;

  /** Most requests that wait to be sent: the core asks for devices of a bus one after another. */
  private static final int MAX_WAITING = 256;

  private final ReentrantLock lock = new ReentrantLock();
  private final IoLoop.Timer timer = new IoLoop.Timer(this::timeIsUp);

  /** Not sent yet, in the order in which they will be. */
  private final Deque<Pending> waiting = new ArrayDeque<>();

  /** Sent, by transaction identifier. */
  private final Map<Integer, Pending> underWay = new HashMap<>();

  private final LateAnswers late = new LateAnswers();

  private @Nullable MbapChannel channel;
  private @Nullable Connecting connecting;
  private int transaction;

  /** What the timer is set to; as far away as can be when it is not. */
  private long timerAt;

  private boolean timerSet;

  /** Whether a request got no answer in time, and nothing has come since then. */
  private boolean silent;

  private long silentSince;
  private long lastUse;

  /** How long the device that used it last lets it be idle, in nanoseconds; 0 for ever. */
  private long idleNanos;

  /** Connects to nothing yet. */
  TcpEndpoint(Way way, Services services) {
    super(way, services);
  }

  @Override
  byte[] exchange(Lease lease, int unit, PduRequest request, Times times) throws DriverException {
    BlockingAnswer answer = new BlockingAnswer();
    exchange(new Pending(lease, unit, request, times, answer));
    return answer.await(times.deadline(), name());
  }

  /** Sends a request as soon as it may be; whoever asked is told. */
  void exchange(Pending pending) {
    List<Runnable> told = new ArrayList<>(1);
    lock.lock();
    try {
      if (pending.lease.closed()) {
        unsent(pending, "the device has been deactivated", told);
      } else if (waiting.size() >= MAX_WAITING) {
        unsent(pending, "too many requests wait for the connection", told);
      } else {
        waiting.add(pending);
        sendWhatMayBe(told);
      }
    } finally {
      lock.unlock();
    }
    told.forEach(Runnable::run);
  }

  /** As many at once as the device whose turn it is allows. */
  private void sendWhatMayBe(List<Runnable> told) {
    if (late.many() && underWay.isEmpty()) {
      disconnect();
    }
    for (Pending next = waiting.peek(); next != null; next = waiting.peek()) {
      if (next.times.deadline().expired()) {
        waiting.remove();
        unsent(
            next, "no time left: raise timeout.ms, or let the device have fewer reads to do", told);
      } else if (underWay.size() >= next.lease.settings().outstanding()) {
        timerNoLaterThan(next.due);
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

  private void send(MbapChannel open, Pending pending, List<Runnable> told) {
    do {
      transaction = transaction % MAX_TRANSACTION + 1;
    } while (underWay.containsKey(transaction) || late.expects(transaction));
    pending.sent();
    lastUse = pending.sent;
    idleNanos = pending.lease.settings().idle().toNanos();
    counters(pending.unit).requests.increment();
    underWay.put(transaction, pending);
    timerNoLaterThan(pending.due);
    try {
      open.write(Mbap.frame(transaction, pending.unit, pending.request.pdu()));
    } catch (IOException e) {
      lost(e, told);
    }
  }

  // ---- connecting ----

  private void connect(Pending first) {
    timerNoLaterThan(first.due);
    if (connecting == null) {
      Deadline time = first.times.deadline().orIn(first.lease.settings().connectTimeout());
      Connecting attempt = new Connecting(this, time);
      connecting = attempt;
      timerNoLaterThan(System.nanoTime() + time.remainingNanos());
      // Never here: looking a name up blocks, and the thread may be anyone's.
      services().resolver().find(way().host()).whenComplete(attempt::resolved);
    }
  }

  @Override
  public void connected(MbapChannel opened) {
    List<Runnable> told = new ArrayList<>();
    lock.lock();
    try {
      if (connecting == null || !connecting.isOf(opened)) {
        opened.close();
        return;
      }
      connecting = null;
      channel = opened;
      connects.increment();
      silent = false;
      lastUse = System.nanoTime();
      sendWhatMayBe(told);
    } finally {
      lock.unlock();
    }
    told.forEach(Runnable::run);
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
    List<Runnable> told = new ArrayList<>();
    lock.lock();
    try {
      if (attempt.equals(connecting)) {
        giveUp(attempt, why, told);
      }
    } finally {
      lock.unlock();
    }
    told.forEach(Runnable::run);
  }

  private void giveUp(Connecting attempt, IOException why, List<Runnable> told) {
    connecting = null;
    attempt.close();
    connectFailures.increment();
    // They all wait for the same host: for none of them would it be there.
    for (Pending each : waiting) {
      tell(each, failures().unreachable(why, each.lease), told);
    }
    waiting.clear();
  }

  // ---- what comes ----

  @Override
  public void header(MbapChannel from, int found, int unit) throws WrongAnswerException {
    lock.lock();
    try {
      Pending pending = underWay.get(found);
      if (pending != null) {
        Mbap.checkUnit(pending.unit, unit);
      } else if (!late.expects(found)) {
        throw Mbap.foreign();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void frame(MbapChannel from, int found, byte[] pdu) {
    List<Runnable> told = new ArrayList<>(2);
    lock.lock();
    try {
      if (from.equals(channel)) {
        silent = false;
        Pending pending = underWay.get(found);
        if (pending == null) {
          // Given up long ago; or a gateway gave up on a unit, and passes its answer on yet.
          late.came(found);
        } else {
          answered(pending, found, pdu, told);
        }
        sendWhatMayBe(told);
      }
    } finally {
      lock.unlock();
    }
    told.forEach(Runnable::run);
  }

  private void answered(Pending pending, int found, byte[] pdu, List<Runnable> told) {
    String fault = AnswerCheck.fault(pending.request, pdu);
    if (fault != null) {
      lost(new WrongAnswerException(fault), told);
      return;
    }
    underWay.remove(found);
    long now = System.nanoTime();
    lastUse = now;
    UnitCounters counters = counters(pending.unit);
    if (now - pending.due >= 0) {
      // Threads are held up: what came too late is late all the same.
      tell(pending, failed(pending, new SocketTimeoutException()), told);
      return;
    }
    counters.answered(pdu, now - pending.sent);
    if (AnswerCheck.exceptionCode(pdu) != 0) {
      late.expect(found, now);
    }
    told.add(() -> pending.answer.answered(pdu));
  }

  @Override
  public void broken(MbapChannel which, IOException why) {
    Connecting attempt;
    List<Runnable> told = new ArrayList<>();
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
    told.forEach(Runnable::run);
    if (attempt != null && attempt.isOf(which)) {
      attempt.next(why);
    }
  }

  /** The connection is of no more use; all that is under way on it has failed. */
  private void lost(IOException why, List<Runnable> told) {
    for (Pending each : underWay.values()) {
      tell(each, failed(each, why), told);
    }
    underWay.clear();
    disconnect();
  }

  private void disconnect() {
    if (channel != null) {
      channel.close();
      channel = null;
    }
    late.clear();
    silent = false;
  }

  // ---- time ----

  private void timerNoLaterThan(long due) {
    if (!timerSet || due - timerAt < 0) {
      timerSet = true;
      timerAt = due;
      services().loop().set(timer, due);
    }
  }

  private void timeIsUp() {
    List<Runnable> told = new ArrayList<>();
    lock.lock();
    try {
      timerSet = false;
      long now = System.nanoTime();
      expireUnderWay(now, told);
      expireWaiting(now, told);
      if (connecting != null && connecting.expired()) {
        giveUp(connecting, new SocketTimeoutException("connect"), told);
      }
      closeWhenIdle(now);
      sendWhatMayBe(told);
      setTimerAgain();
    } finally {
      lock.unlock();
    }
    told.forEach(Runnable::run);
  }

  private void expireUnderWay(long now, List<Runnable> told) {
    boolean again = false;
    boolean any = false;
    for (Map.Entry<Integer, Pending> each : List.copyOf(underWay.entrySet())) {
      Pending pending = each.getValue();
      if (now - pending.due >= 0) {
        any = true;
        again |= silent && pending.sent - silentSince >= 0;
        underWay.remove(each.getKey());
        late.expect(each.getKey(), now);
        tell(pending, failed(pending, new SocketTimeoutException()), told);
      }
    }
    if (any && (again || (channel != null && channel.midFrame()))) {
      lost(new IOException("nothing comes on this connection any more"), told);
    } else if (any && !silent) {
      silent = true;
      silentSince = now;
    }
  }

  private void expireWaiting(long now, List<Runnable> told) {
    waiting.removeIf(
        each -> {
          boolean over = now - each.due >= 0;
          if (over && channel == null) {
            tell(each, failures().unreachable(new SocketTimeoutException(), each.lease), told);
          } else if (over) {
            unsent(each, "the connection is in use by another device", told);
          }
          return over;
        });
  }

  private void closeWhenIdle(long now) {
    boolean unused = underWay.isEmpty() && waiting.isEmpty();
    if (unused && idleNanos > 0 && now - lastUse - idleNanos >= 0) {
      disconnect();
    }
  }

  private void setTimerAgain() {
    underWay.values().forEach(each -> timerNoLaterThan(each.due));
    waiting.forEach(each -> timerNoLaterThan(each.due));
    if (connecting != null) {
      timerNoLaterThan(connecting.due());
    }
    if (channel != null && idleNanos > 0) {
      timerNoLaterThan(lastUse + idleNanos);
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
      if (!lease.settings().keep() && underWay.isEmpty() && waiting.isEmpty()) {
        disconnect();
      }
    } finally {
      lock.unlock();
    }
  }

  /** What it has under way is given up; its answers are dropped when they come. */
  @Override
  void abandon(Lease lease) {
    List<Runnable> told = new ArrayList<>();
    lock.lock();
    try {
      long now = System.nanoTime();
      for (Map.Entry<Integer, Pending> each : List.copyOf(underWay.entrySet())) {
        if (each.getValue().lease.equals(lease)) {
          underWay.remove(each.getKey());
          late.expect(each.getKey(), now);
          tell(each.getValue(), failed(each.getValue(), new IOException()), told);
        }
      }
      waiting.removeIf(
          each -> {
            boolean own = each.lease.equals(lease);
            if (own) {
              unsent(each, "the device has been deactivated", told);
            }
            return own;
          });
      sendWhatMayBe(told);
    } finally {
      lock.unlock();
    }
    told.forEach(Runnable::run);
  }

  @Override
  void closeSocket() {
    List<Runnable> told = new ArrayList<>();
    lock.lock();
    try {
      IOException why = new IOException("the connection was closed");
      lost(why, told);
      if (connecting != null) {
        giveUp(connecting, why, told);
      }
      services().loop().cancel(timer);
      timerSet = false;
    } finally {
      lock.unlock();
    }
    told.forEach(Runnable::run);
  }

  private DriverException failed(Pending pending, IOException why) {
    return failures()
        .failure(why, pending.lease, pending.unit, pending.request, counters(pending.unit));
  }

  private void unsent(Pending pending, String why, List<Runnable> told) {
    tell(pending, failures().unsent(pending.request, why), told);
  }

  private static void tell(Pending pending, DriverException failure, List<Runnable> told) {
    told.add(() -> pending.answer.failed(failure));
  }
}
