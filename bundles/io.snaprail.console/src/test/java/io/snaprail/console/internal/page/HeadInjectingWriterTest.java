package io.snaprail.console.internal.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeadInjectingWriterTest {
  private final StringWriter out = new StringWriter();
  private final HeadInjectingWriter writer = new HeadInjectingWriter(out, "[X]");

  @ParameterizedTest
  @CsvSource({
    "<html><head><title>t</title></head>, <html><head>[X]<title>t</title></head>",
    "<HEAD lang='de'>a, <HEAD lang='de'>[X]a",
    "<header>a</header>, <header>a</header>",
    "no head at all, no head at all",
    "<head>a<head>b, <head>[X]a<head>b"
  })
  void injectsBehindTheFirstHead(String given, String expected) throws IOException {
    writer.write(given);
    writer.release();

    assertThat(out).hasToString(expected);
  }

  @Test
  void findsAHeadThatComesInPieces() throws IOException {
    for (char c : "<html><head >rest".toCharArray()) {
      writer.write(c);
    }

    assertThat(out).hasToString("<html><head >[X]rest");
  }

  @Test
  void holdsBackOnlySoMuch() throws IOException {
    String long1 = "x".repeat(20_000);
    writer.write(long1);
    writer.write("<head>");

    assertThat(out).hasToString(long1 + "<head>");
  }
}
