package io.jenkins.plugins.distributedtest.listener;

import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.runner.CaseSink;
import io.jenkins.plugins.distributedtest.suite.TestCase;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Takes cases of a slot's file to the originator while the file runs. No more than {@link #PARTS} parts are on their way
 * to the broker at a time: a file whose tests end faster than that is held up for {@link #PATIENCE}; after that it keeps
 * its cases until the broker takes messages again.
 */
final class CasesAhead implements CaseSink {
    static final int PARTS = 4;
    static final Duration PATIENCE = Duration.ofSeconds(5);

    /** Tells the originator of cases. */
    interface Teller {
        /**
         * Tells of cases of the file that the slot runs; on the event loop.
         *
         * @param sent to be called, on the loop, when they are on their way or need not be told
         */
        void tell(List<TestCase> cases, Runnable sent);
    }

    private final EventLoop loop;
    private final Teller teller;
    private final Duration patience;
    private final Semaphore parts = new Semaphore(PARTS);
    private boolean patient = true; // the slot's thread's

    CasesAhead(EventLoop loop, Teller teller) {
        this(loop, PATIENCE, teller);
    }

    CasesAhead(EventLoop loop, Duration patience, Teller teller) {
        this.loop = loop;
        this.patience = patience;
        this.teller = teller;
    }

    @Override
    public boolean offer(List<TestCase> cases) {
        patient = mayTell();
        if (!patient) {
            return false;
        }
        try {
            loop.execute(() -> teller.tell(cases, parts::release));
            return true;
        } catch (RejectedExecutionException e) {
            parts.release();
            return false; // the listener is closed
        }
    }

    private boolean mayTell() {
        try {
            return patient ? parts.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS) : parts.tryAcquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // whoever runs the file sees to it
            return false;
        }
    }
}
