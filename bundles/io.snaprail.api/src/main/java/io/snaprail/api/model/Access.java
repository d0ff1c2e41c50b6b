package io.snaprail.api.model;

/** What may be done with a point. */
public enum Access {
  /** May be read only. */
  READ("r"),
  /** May be written only; never polled. */
  WRITE("w"),
  /** May be read and written. */
  READ_WRITE("rw");

  private final String code;

  Access(String code) {
    this.code = code;
  }

  /** The form used in register maps: {@code r}, {@code w} or {@code rw}. */
  public String code() {
    return code;
  }

  /** Whether the poller reads the point. */
  public boolean readable() {
    return this != WRITE;
  }

  /** Whether the command gate may write the point. */
  public boolean writable() {
    return this != READ;
  }
}
