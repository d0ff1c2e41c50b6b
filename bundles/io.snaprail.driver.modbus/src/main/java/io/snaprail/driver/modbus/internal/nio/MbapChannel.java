package io.snaprail.driver.modbus.internal.nio;

import io.snaprail.driver.modbus.internal.transport.Mbap;
import io.snaprail.driver.modbus.internal.transport.WrongAnswerException;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * One TCP connection and the {@link Mbap} frames on it, without waiting. Its owner calls {@link
 * #write} by one thread at a time; {@link #close()} is safe for any thread.
 */
public final class MbapChannel implements IoLoop.Handler {
  /** Whose connection it is. Called on the loop's thread, and not after {@link #close()}. */
  public interface Owner {
    /** It is open. */
    void connected(MbapChannel channel);

    /** What may come. */
    Awaited awaited();

    /** A whole frame has come, of which the header was told. */
    void frame(MbapChannel channel, int transaction, byte[] pdu);

    /** It could not be opened, or is of no more use; the owner closes it. */
    void broken(MbapChannel channel, IOException why);
  }

  /** Which frames may come. Asked on the loop's thread. */
  public interface Awaited {
    /**
     * The header of a frame has come.
     *
     * @throws WrongAnswerException when there can be no such frame
     */
    void header(int transaction, int unit) throws WrongAnswerException;

    /**
     * What has come together with the frame of a transaction.
     *
     * @param next the next two bytes
     * @return whether they must be the identifier of another frame; not when none is awaited
     * @throws WrongAnswerException when that cannot begin so
     */
    boolean behind(int transaction, int next) throws WrongAnswerException;

    /** Whether answers to other requests that are under way may follow at any moment. */
    boolean others(int transaction);

    /** Whether a frame of this other transaction may come, be its request given up or not. */
    boolean expects(int transaction, int other);
  }

  private static final byte[] NOTHING = {};

  private final IoLoop loop;
  private final Owner owner;
  private final Awaited awaited;
  private final SocketChannel channel;

  /** What could not be sent at once. Guarded by itself. */
  private final Deque<ByteBuffer> unsent = new ArrayDeque<>();

  /** What is there of the next frame. Of the loop's thread. */
  private byte[] begun = NOTHING;

  /** Where, in the next frame, one read has ended and another begun. Of the loop's thread. */
  private final BitSet seams = new BitSet();

  private volatile @Nullable SelectionKey key;
  private volatile boolean closed;

  private MbapChannel(IoLoop loop, SocketChannel channel, Owner owner) {
    this.loop = loop;
    this.channel = channel;
    this.owner = owner;
    this.awaited = owner.awaited();
  }

  /** Begins to connect. On the loop's thread. */
  public static MbapChannel open(IoLoop loop, InetAddress address, int port, Owner owner)
      throws IOException {
    MbapChannel made = new MbapChannel(loop, SocketChannel.open(), owner);
    boolean opened = false;
    try {
      made.channel.configureBlocking(false);
      made.channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      made.channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      boolean connected = made.channel.connect(new InetSocketAddress(address, port));
      // Also when it is there already, so that the owner is told in one way only.
      int wanted = connected ? SelectionKey.OP_WRITE : SelectionKey.OP_CONNECT;
      made.key = loop.register(made.channel, wanted, made);
      opened = true;
      return made;
    } finally {
      if (!opened) {
        made.channel.close();
      }
    }
  }

  @Override
  public void ready(SelectionKey ready) {
    if (!ready.isValid()) {
      return;
    }
    try {
      if (ready.isConnectable()) {
        channel.finishConnect();
      }
      if ((ready.interestOps() & SelectionKey.OP_READ) == 0) {
        ready.interestOps(SelectionKey.OP_READ);
        owner.connected(this);
        return;
      }
      if (ready.isWritable()) {
        writeRest(ready);
      }
      if (ready.isReadable()) {
        read();
      }
    } catch (CancelledKeyException e) {
      // Whoever uses the connection has closed it just now.
      broken(new ClosedChannelException());
    } catch (IOException e) {
      broken(e);
    }
  }

  private void broken(IOException e) {
    if (!closed) {
      owner.broken(this, e);
    }
  }

  private void read() throws IOException {
    ByteBuffer in = loop.buffer().clear();
    in.put(begun);
    if (begun.length > 0) {
      seams.set(begun.length);
    }
    int count = channel.read(in);
    if (count < 0) {
      throw new EOFException();
    }
    in.flip();
    while (!closed && frame(in)) {
      // The next one may be there too.
    }
    begun = NOTHING;
    if (in.hasRemaining()) {
      begun = new byte[in.remaining()];
      in.get(begun);
    }
  }

  /** Takes a frame, if it is there as a whole. */
  private boolean frame(ByteBuffer in) throws IOException {
    int at = in.position();
    if (in.remaining() < Mbap.HEADER) {
      return false;
    }
    int transaction = in.getShort(at) & 0xffff;
    int length = Mbap.checkedLength(in.getShort(at + 2) & 0xffff, in.getShort(at + 4) & 0xffff);
    awaited.header(transaction, in.get(at + Mbap.UNCOUNTED) & 0xff);
    if (in.remaining() < Mbap.UNCOUNTED + length) {
      return false;
    }
    int end = at + Mbap.UNCOUNTED + length;
    if (!seams.isEmpty()) {
      checkSeams(in, at, end, transaction);
    }
    if (in.limit() - end < Mbap.HEADER
        && awaited.others(transaction)
        && (!seams.isEmpty() || endsAsAnotherBegins(in, at, end, transaction))) {
      // Perhaps the beginning of another one has completed it: what follows will tell.
      return false;
    }
    checkBehind(in, end, transaction);
    byte[] pdu = new byte[length - 1];
    in.position(at + Mbap.HEADER);
    in.get(pdu);
    seams.clear();
    owner.frame(this, transaction, pdu);
    return true;
  }

  /** A frame of which a part was lost may go on with another one: that begins where a read does. */
  private void checkSeams(ByteBuffer in, int at, int end, int transaction)
      throws WrongAnswerException {
    for (int seam = seams.nextSetBit(0); seam >= 0; seam = seams.nextSetBit(seam + 1)) {
      int from = at + seam;
      if (from + 2 * Short.BYTES <= end
          && in.getShort(from + 2) == 0
          && awaited.expects(transaction, in.getShort(from) & 0xffff)) {
        throw new WrongAnswerException("an answer that breaks off, and another one behind it");
      }
    }
  }

  /** Whether its end may be the beginning of another one, of two bytes at least. */
  private boolean endsAsAnotherBegins(ByteBuffer in, int at, int end, int transaction) {
    for (int from = end - Short.BYTES; from > at; from--) {
      int there = end - from;
      boolean protocol = there < 2 * Short.BYTES || in.getShort(from + Short.BYTES) == 0;
      // The upper byte of a length is zero.
      boolean length = there <= 2 * Short.BYTES || in.get(from + 2 * Short.BYTES) == 0;
      if (protocol && length && awaited.expects(transaction, in.getShort(from) & 0xffff)) {
        return true;
      }
    }
    return false;
  }

  /**
   * A frame of which a part was lost ends with the beginning of the next one, and nothing in itself
   * tells that; but what is left of the next begins no frame.
   */
  private void checkBehind(ByteBuffer in, int end, int transaction) throws WrongAnswerException {
    int left = in.limit() - end;
    if (left < 2) {
      return;
    }
    int next = in.getShort(end) & 0xffff;
    if (awaited.behind(transaction, next) && left >= Mbap.HEADER) {
      Mbap.checkedLength(in.getShort(end + 2) & 0xffff, in.getShort(end + 4) & 0xffff);
      awaited.header(next, in.get(end + Mbap.UNCOUNTED) & 0xff);
    }
  }

  /** Whether a frame has begun to come. On the loop's thread. */
  public boolean midFrame() {
    return begun.length > 0;
  }

  /** Sends a frame, or what the system takes of it now and the rest when it takes more. */
  public void write(byte[] frame) throws IOException {
    synchronized (unsent) {
      ByteBuffer bytes = ByteBuffer.wrap(frame);
      if (unsent.isEmpty()) {
        channel.write(bytes);
      }
      SelectionKey now = key;
      if (bytes.hasRemaining() && now != null) {
        unsent.add(bytes);
        now.interestOpsOr(SelectionKey.OP_WRITE);
        loop.wakeup();
      }
    }
  }

  private void writeRest(SelectionKey ready) throws IOException {
    synchronized (unsent) {
      for (ByteBuffer next = unsent.peek(); next != null; next = unsent.peek()) {
        channel.write(next);
        if (next.hasRemaining()) {
          return;
        }
        unsent.remove();
      }
      ready.interestOpsAnd(~SelectionKey.OP_WRITE);
    }
  }

  /** Ends the connection. */
  public void close() {
    closed = true;
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot close a connection", e);
    } finally {
      // Until the selector has been round, the descriptor is kept.
      loop.wakeup();
    }
  }
}
