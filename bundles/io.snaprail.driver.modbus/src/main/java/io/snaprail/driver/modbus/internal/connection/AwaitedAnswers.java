package io.snaprail.driver.modbus.internal.connection;

import io.snaprail.driver.modbus.internal.nio.MbapChannel;
import io.snaprail.driver.modbus.internal.transport.WrongAnswerException;
import java.util.concurrent.locks.Lock;

/**
 * The answers that a connection awaits, for its channel.
 *
 * @param lock guards the transactions
 */
record AwaitedAnswers(Lock lock, Transactions transactions) implements MbapChannel.Awaited {
  @Override
  public void header(int found, int unit) throws WrongAnswerException {
    lock.lock();
    try {
      transactions.check(found, unit);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean behind(int found, int next) throws WrongAnswerException {
    lock.lock();
    try {
      return transactions.behind(found, next);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean others(int found) {
    lock.lock();
    try {
      return transactions.others(found);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean expects(int found, int other) {
    lock.lock();
    try {
      return transactions.expects(found, other);
    } finally {
      lock.unlock();
    }
  }
}
