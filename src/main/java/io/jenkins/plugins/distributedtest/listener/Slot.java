package io.jenkins.plugins.distributedtest.listener;

import io.jenkins.plugins.distributedtest.callback.CallbackException;
import io.jenkins.plugins.distributedtest.loop.DaemonThreads;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.runner.RunnerException;
import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.WorkerId;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One of the listener's slots: runs one file at a time, of whichever run is next in turn.
 *
 * <p>The story of a file: a free slot takes it from the run that was served longest ago and has one. Its own thread
 * makes the worker ready ({@code before_start}) and waits for a web server's turn, and only then the file counts as started: {@code start} is published
 * and the runner gets it. When it has ended, {@code finish} is published, and then the file is acknowledged.
 *
 * <p>Short and long files are told apart by {@link #HOLD}. While files are short the broker sends them ahead, and no
 * round trip is spent on any. When a file has run for {@link #HOLD}, or is known to, everything that was sent ahead is
 * given back, so that nobody waits behind it, and the file itself is acknowledged: nothing stays unacknowledged while a
 * long test runs. The next file is then fetched by itself, and the broker sends ahead again once a file was short.
 *
 * <p>Everything but {@link #work} is on the event loop.
 */
final class Slot {
    /** How long files that were sent ahead may wait behind one that runs. */
    static final Duration HOLD = Duration.ofMillis(250);

    private static final Logger LOG = LoggerFactory.getLogger(Slot.class);

    private final int number;
    private final WorkerId worker;
    private final ListenerContext context;
    private final SlotGroup group;
    private final ExecutorService thread;
    private final Map<JoinedRun, FileFeed> feeds = new LinkedHashMap<>();
    private HeldFile current;
    private boolean runsLong;
    private EventLoop.Scheduled holdTimer;
    private boolean closed;

    /**
     * @param number its number, from 1
     * @param context the listener
     * @param group all slots of the listener
     */
    Slot(int number, ListenerContext context, SlotGroup group) {
        this.number = number;
        this.context = context;
        this.group = group;
        worker = new WorkerId(context.id(), context.host(), number);
        thread = Executors.newSingleThreadExecutor(DaemonThreads.named("slot-" + number));
    }

    int number() {
        return number;
    }

    WorkerId worker() {
        return worker;
    }

    /** The file that it runs or is about to; null if it is free. */
    HeldFile current() {
        return current;
    }

    /** Takes files of a run from now on. */
    void join(JoinedRun run, FileFeed feed) {
        feeds.put(run, feed);
    }

    /** Takes no more files of a run. One that it runs goes on. */
    void leave(JoinedRun run) {
        FileFeed feed = feeds.remove(run);
        if (feed != null) {
            feed.close();
        }
    }

    /** Whether it takes files of a run. */
    boolean serves(JoinedRun run) {
        return feeds.containsKey(run);
    }

    /** Takes the next file if it is free and there is one. */
    void wake() {
        while (current == null && !closed) {
            HeldFile next = next();
            if (next == null) {
                return;
            }
            if (next.run().isRunning(next)) {
                next.ack(); // handed out again after a lost connection, while another slot of ours is still at it
            } else if (!next.avoids(worker) || !passOn(next)) {
                begin(next);
            }
        }
    }

    private HeldFile next() {
        List<JoinedRun> turn = group.inTurn(feeds.keySet());
        for (JoinedRun run : turn) {
            HeldFile file = feeds.get(run).take();
            if (file != null) {
                return file;
            }
        }
        turn.stream().filter(feeds::containsKey).forEach(run -> feeds.get(run).stream());
        turn.forEach(JoinedRun::foundNoFile);
        return null;
    }

    /**
     * Leaves a file to another worker, as its originator asks: to a free one here, otherwise to whoever takes it from
     * the queue.
     *
     * @return false if nobody has taken it for long enough: then it is ours to run
     */
    private boolean passOn(HeldFile file) {
        Slot sibling = group.freeFor(file);
        if (sibling != null) {
            sibling.begin(file);
            return true;
        }
        Duration pause = group.avoidance(file, System.nanoTime());
        if (pause == null) {
            return false;
        }
        file.giveBack();
        feeds.get(file.run()).pause(pause.toNanos());
        context.loop().schedule(pause, this::wake);
        return true;
    }

    private void begin(HeldFile file) {
        current = file;
        runsLong = false;
        group.serving(file.run());
        Worker runner = file.run().took(this, file);
        if (file.expectedSeconds() * 1000 > HOLD.toMillis()) {
            holdOver(file);
        } else {
            holdTimer = context.loop().schedule(HOLD, () -> holdOver(file));
        }
        thread.execute(() -> work(runner, file));
        context.changed();
    }

    private void holdOver(HeldFile file) {
        if (current == file) {
            runsLong = true;
            feeds.values().forEach(FileFeed::stop);
            file.run().runsLong(this);
        }
    }

    /** On the slot's own thread. Whatever happens, {@link #ended} follows once. */
    private void work(Worker runner, HeldFile file) {
        JoinedRun run = file.run();
        try {
            runner.start();
            runner.awaitTurn(file);
            onLoop(() -> run.started(this));
            FileResult result = runner.run(file);
            onLoop(() -> ended(() -> run.ended(this, result)));
        } catch (InterruptedException e) {
            onLoop(() -> ended(() -> run.ended(this, Results.cancelled(file.file()))));
        } catch (RunnerException e) {
            onLoop(() -> ended(() -> run.unable(this, e)));
        } catch (CallbackException e) {
            onLoop(() -> ended(() -> run.unable(this, e)));
        } catch (RuntimeException | Error e) {
            LOG.error("The runner of {} failed", file.file(), e);
            RunnerException failure = new RunnerException("The runner failed: " + e, "", false);
            onLoop(() -> ended(() -> run.unable(this, failure)));
        }
    }

    private void onLoop(Runnable event) {
        try {
            context.loop().execute(event);
        } catch (RejectedExecutionException e) {
            LOG.debug("The listener is closed", e);
        }
    }

    /**
     * The file has ended.
     *
     * @param tell tells its run so, for which the slot is not free yet
     */
    private void ended(Runnable tell) {
        boolean wasShort = !runsLong;
        if (holdTimer != null) {
            holdTimer.cancel();
            holdTimer = null;
        }
        tell.run();
        current = null;
        if (wasShort) {
            feeds.values().forEach(FileFeed::stream);
        }
        context.changed();
        wake();
    }

    /** Takes no more files. */
    void close() {
        closed = true;
    }

    /** Ends its thread after what that is doing. Any thread may call it, once the loop is closed. */
    void endThread() {
        thread.shutdown();
    }

    /** The last resort of a shutdown that takes too long: as {@link #endThread}, interrupting. */
    void abandon() {
        thread.shutdownNow();
    }
}
