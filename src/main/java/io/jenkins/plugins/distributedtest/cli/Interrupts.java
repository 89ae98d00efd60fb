package io.jenkins.plugins.distributedtest.cli;

import io.jenkins.plugins.distributedtest.loop.DaemonThreads;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jline.utils.Signals;

/**
 * Ctrl-C, SIGTERM and SIGHUP. The first asks the command to end and gives it a time in which to do so; a second, or the
 * end of that time, ends the process at once.
 *
 * <p>Not a shutdown hook: while hooks run, the platform ignores further signals, and there could be no second Ctrl-C.
 */
final class Interrupts {
    /** What the hidden option {@code --owned} means. */
    static final String OWNED = "Leave Ctrl-C to the process that started this one: it ends its children in order.";

    /** How long the last things may take before the process ends by force. */
    private static final Duration LAST_LIMIT = Duration.ofSeconds(30);

    private final AtomicInteger count = new AtomicInteger();
    private final CountDownLatch interrupted = new CountDownLatch(1);
    private final Runnable first;
    private final Duration grace;
    private final int exitCode;
    private final Runnable last;

    private Interrupts(Runnable first, Duration grace, int exitCode, Runnable last) {
        this.last = last;
        this.first = first;
        this.grace = grace;
        this.exitCode = exitCode;
    }

    /**
     * Takes over the signals of this process.
     *
     * @param first asks the command to end; called once, on a thread of its own
     * @param grace how long it may take from then on
     * @param exitCode what the process exits with if it takes longer or is asked again
     * @param owned whether Ctrl-C is the business of the process that started this one
     */
    static Interrupts handle(Runnable first, Duration grace, int exitCode, boolean owned) {
        return handle(first, grace, exitCode, owned, () -> {});
    }

    /**
     * Takes over the signals of this process.
     *
     * @param last called before the process ends by force; must not take long. The other parameters as above
     */
    static Interrupts handle(Runnable first, Duration grace, int exitCode, boolean owned, Runnable last) {
        Interrupts interrupts = new Interrupts(first, grace, exitCode, last);
        Signals.register("TERM", interrupts::signalled);
        Signals.register("HUP", interrupts::signalled);
        Signals.register("INT", owned ? () -> {} : interrupts::signalled);
        if (owned) {
            // An owner that is killed can end nobody any more.
            ProcessHandle.current().parent().ifPresent(owner -> owner.onExit().thenRun(interrupts::signalled));
        }
        return interrupts;
    }

    /** Takes the end of standard input for a signal as well. */
    void watchStdin() {
        OwnerPipe.watch(this::signalled);
    }

    /** Takes the end of the line to the owner for a signal as well. */
    void watch(OwnerLine line) {
        line.watch(this::signalled);
    }

    private void signalled() {
        if (count.incrementAndGet() > 1) {
            halt();
        }
        interrupted.countDown();
        DaemonThreads.start("interrupt-limit", this::haltAfterGrace);
        first.run();
    }

    private void haltAfterGrace() {
        try {
            TimeUnit.MILLISECONDS.sleep(grace.toMillis());
        } catch (InterruptedException e) {
            return;
        }
        halt();
    }

    private void halt() {
        // Whatever the last things meet, the process ends.
        DaemonThreads.start("halt-limit", Interrupts::haltAfterLast);
        try {
            last.run();
        } finally {
            Runtime.getRuntime().halt(exitCode);
        }
    }

    private static void haltAfterLast() {
        try {
            TimeUnit.MILLISECONDS.sleep(LAST_LIMIT.toMillis());
        } catch (InterruptedException e) {
            return;
        }
        Runtime.getRuntime().halt(ExitCode.CANCELLED);
    }

    /** Whether a signal has come. */
    boolean happened() {
        return count.get() > 0;
    }

    /** Waits for a signal. */
    void await() throws InterruptedException {
        interrupted.await();
    }

    /**
     * Waits for a signal for a while.
     *
     * @return whether one has come
     */
    boolean await(Duration time) throws InterruptedException {
        return interrupted.await(time.toMillis(), TimeUnit.MILLISECONDS);
    }
}
