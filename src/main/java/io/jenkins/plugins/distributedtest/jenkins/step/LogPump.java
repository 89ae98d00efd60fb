package io.jenkins.plugins.distributedtest.jenkins.step;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Takes a run's lines from its loop to the build's log, whose disk may be slow: in order, on threads of a pool, one at a
 * time, without keeping the loop. What a log cannot take for too long is counted and left out.
 */
final class LogPump {
    private static final Logger LOG = Logger.getLogger(LogPump.class.getName());
    /** Texts that may wait. */
    static final int MAX_WAITING = 5000;

    private final Executor executor;
    private final Consumer<String> log;
    private final Queue<String> waiting = new ArrayDeque<>();
    private int dropped;
    private boolean pumping;

    /**
     * @param executor where lines are written
     * @param log writes one text, of one line or several
     */
    LogPump(Executor executor, Consumer<String> log) {
        this.executor = executor;
        this.log = log;
    }

    /** Writes a text soon. From any thread; does not wait. */
    void add(String text) {
        synchronized (this) {
            if (waiting.size() >= MAX_WAITING) {
                dropped++;
                return;
            }
            waiting.add(text);
            if (pumping) {
                return;
            }
            pumping = true;
        }
        try {
            executor.execute(this::pump);
        } catch (RejectedExecutionException e) {
            synchronized (this) {
                pumping = false; // the next text tries again, and so does flush
            }
        }
    }

    private void pump() {
        while (true) {
            String text;
            synchronized (this) {
                text = next();
                if (text == null) {
                    pumping = false;
                    notifyAll();
                    return;
                }
            }
            write(text);
        }
    }

    private void write(String text) {
        try {
            log.accept(text);
        } catch (RuntimeException e) {
            // A log that cannot be written must not end the run.
            LOG.log(Level.WARNING, "A build's log cannot be written", e);
        }
    }

    private String next() {
        String text = waiting.poll();
        if (text == null && dropped > 0) {
            text = dropped + " messages of the run are left out here: the log did not keep up";
            dropped = 0;
            return text;
        }
        return text;
    }

    /**
     * Writes what waits, on this thread, unless another is at it: then waits for that one.
     *
     * @throws InterruptedException when interrupted
     */
    void flush() throws InterruptedException {
        synchronized (this) {
            while (pumping) {
                wait(1000);
            }
            pumping = true;
        }
        pump();
    }
}
