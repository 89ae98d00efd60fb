package io.jenkins.plugins.distributedtest.jenkins.executors;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Runs tasks one after the other on threads of another executor. */
final class Serial {
    private static final Logger LOG = Logger.getLogger(Serial.class.getName());

    private final Executor threads;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private boolean running;

    Serial(Executor threads) {
        this.threads = threads;
    }

    /** Runs one after all that were given before. Returns at once. */
    synchronized void execute(Runnable task) {
        waiting.add(task);
        if (!running) {
            running = true;
            begin();
        }
    }

    private synchronized void begin() {
        try {
            threads.execute(this::run);
        } catch (RejectedExecutionException e) {
            running = false;
            LOG.log(Level.WARNING, "Too much to do on this controller: it is done later", e);
        }
    }

    private void run() {
        for (Runnable next = next(); next != null; next = next()) {
            try {
                next.run();
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "Jenkins' queue could not be told what a distributed run wants", e);
            }
        }
    }

    private synchronized Runnable next() {
        Runnable next = waiting.poll();
        running = next != null;
        return next;
    }
}
