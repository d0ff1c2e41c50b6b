package io.snaprail.console.internal.api;

import io.snaprail.console.internal.access.Refusal;
import io.snaprail.console.internal.access.Zone;
import io.snaprail.console.internal.page.ErrorPage;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for an answer without holding a thread, and not for ever. */
public final class LaterReply implements AsyncListener {
  private static final Logger LOG = LoggerFactory.getLogger(LaterReply.class);

  private final AsyncContext context;
  private final HttpServletRequest request;
  private final HttpServletResponse response;
  private final AtomicBoolean answered = new AtomicBoolean();

  private final Reply.Later later;

  private LaterReply(
      AsyncContext context,
      HttpServletRequest request,
      HttpServletResponse response,
      Reply.Later later) {
    this.context = context;
    this.request = request;
    this.response = response;
    this.later = later;
  }

  /** Answers when the reply is there, or says that it did not come. */
  public static void await(
      HttpServletRequest request, HttpServletResponse response, Reply.Later later) {
    AsyncContext context = request.startAsync(request, response);
    context.setTimeout(later.patience().toMillis());
    LaterReply waiting = new LaterReply(context, request, response, later);
    context.addListener(waiting);
    later
        .stage()
        .whenComplete(
            (reply, failure) -> {
              if (waiting.answered.compareAndSet(false, true)) {
                // The server's own thread writes: whoever completed the stage has other things to
                // do.
                context.start(() -> waiting.write(reply, failure));
              }
            });
  }

  private void write(@Nullable Reply reply, @Nullable Throwable failure) {
    try {
      if (reply != null) {
        Replies.write(response, reply);
      } else {
        LOG.error("{} ended without an answer", request.getRequestURI(), failure);
        refuse(500, "internal", "The gateway could not answer; its log says why.");
      }
    } catch (IOException | RuntimeException e) {
      LOG.debug("An answer could not be sent", e);
    } finally {
      context.complete();
    }
  }

  @Override
  public void onTimeout(AsyncEvent event) throws IOException {
    if (answered.compareAndSet(false, true)) {
      refuse(504, "no_outcome", later.noOutcome());
      context.complete();
    }
  }

  private void refuse(int status, String code, String message) throws IOException {
    ErrorPage.write(request, response, Zone.API, new Refusal(status, code, message));
  }

  @Override
  public void onComplete(AsyncEvent event) {
    answered.set(true);
    later.ended().run();
  }

  @Override
  public void onError(AsyncEvent event) {
    answered.set(true);
  }

  @Override
  public void onStartAsync(AsyncEvent event) {
    // Nothing here starts it twice.
  }
}
