package io.snaprail.driver.modbus.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.DriverException;
import io.snaprail.driver.modbus.internal.j2mod.ReadRequest;
import io.snaprail.driver.modbus.internal.transport.AsyncTransport;
import io.snaprail.driver.modbus.internal.transport.Table;
import io.snaprail.driver.modbus.internal.transport.WrongAnswerException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransactionsTest {
  private static final int UNIT = 3;

  private final Transactions transactions = new Transactions();
  private final ConnectionPool pool = new ConnectionPool();

  /** Messaging on TCP/IP V1.0b, 4.2: 16 bits; 0 is left out, as some devices never answer it. */
  @Test
  void everyIdentifierHasItsTurnAndNeighboursAreFarFromEachOther() {
    List<Integer> used = new ArrayList<>();
    for (int i = 0; i < 65_535; i++) {
      int next = asked();
      transactions.answered(next, new byte[] {3, 2, 0, 0}, 0);
      for (int before : used.subList(Math.max(0, i - 16), i)) {
        assertThat(Math.abs(next - before)).isGreaterThan(256);
      }
      used.add(next);
    }

    assertThat(used).doesNotHaveDuplicates().allMatch(each -> each >= 1 && each <= 65_535);
  }

  /** A gateway that has given up on a unit may pass its answer on all the same. */
  @ParameterizedTest
  @ValueSource(bytes = {5, 6, 10, 11})
  void anAnswerMayFollowARefusalForNow(byte exception) throws Exception {
    int refused = asked();
    transactions.answered(refused, new byte[] {(byte) 0x83, exception}, 0);

    transactions.check(refused, UNIT);
    assertThat(transactions.came(refused)).isNull();
  }

  /** Such as a register that is not there, which may be asked for many thousand times. */
  @ParameterizedTest
  @ValueSource(bytes = {1, 2, 3, 4})
  void nothingFollowsARefusalForGood(byte exception) {
    int refused = asked();
    transactions.answered(refused, new byte[] {(byte) 0x83, exception}, 0);

    assertThatThrownBy(() -> transactions.check(refused, UNIT))
        .isInstanceOf(WrongAnswerException.class);
  }

  private int asked() {
    AsyncTransport.Answer nobody =
        new AsyncTransport.Answer() {
          @Override
          public void answered(byte[] answer) {
            throw new AssertionError();
          }

          @Override
          public void failed(DriverException failure) {
            throw new AssertionError(failure);
          }
        };
    Way way = Way.of(Protocol.TCP, "127.0.0.1", 502);
    Lease lease =
        (Lease)
            pool.lease(
                way, new ConnectionSettings(Duration.ofSeconds(1), 1, 16, Duration.ZERO, true));
    Times times = new Times(Deadline.in(Duration.ofSeconds(1)), Duration.ZERO);
    return transactions.begin(
        new Pending(lease, UNIT, new ReadRequest(Table.HOLDING, 0, 1, "read"), times, nobody));
  }
}
