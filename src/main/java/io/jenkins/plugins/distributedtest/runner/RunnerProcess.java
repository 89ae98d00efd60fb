package io.jenkins.plugins.distributedtest.runner;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.distributedtest.process.BoundedText;
import io.jenkins.plugins.distributedtest.runner.ControlMessage.Closed;
import io.jenkins.plugins.distributedtest.runner.ControlMessage.Closing;
import io.jenkins.plugins.distributedtest.runner.ControlMessage.Codec;
import io.jenkins.plugins.distributedtest.runner.ControlMessage.Error;
import io.jenkins.plugins.distributedtest.runner.ControlMessage.Hello;
import io.jenkins.plugins.distributedtest.runner.ControlMessage.Ready;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One living worker process of a persistent runner: its handle, its control connection and its output file. */
final class RunnerProcess {
    /** An output file longer than this, in bytes, is emptied between two files. */
    private static final long MAX_KEPT_OUTPUT = 64L << 20;

    /** How long a process that refuses to run may take to end. */
    private static final Duration REFUSAL = Duration.ofSeconds(2);
    /** How long what a process has said may take to be heard after its end. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);
    /** How long one may take whose start is given up. */
    private static final Duration WHEN_INTERRUPTED = Duration.ofMillis(1500);

    private static final int MAX_PROBLEMS = 64 << 10;
    private static final Logger LOG = LoggerFactory.getLogger(RunnerProcess.class);
    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final String name;
    private final ChildHandle child;
    private final Mailbox mailbox;
    private final Path output;
    private long lastRun;
    private volatile boolean killed;
    private volatile List<OwnServer> servers = List.of();

    RunnerProcess(String name, ChildHandle child, Mailbox mailbox, Path output) {
        this.name = name;
        this.child = child;
        this.mailbox = mailbox;
        this.output = output;
    }

    /**
     * Waits until the framework is loaded.
     *
     * @param outputFrom where this process's output begins in its file
     * @throws RunnerException if it does not load in time, reports an error, or ends; it has been killed
     */
    void awaitReady(Duration timeout, long outputFrom) throws RunnerException, InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        try {
            while (System.nanoTime() < end) {
                ControlMessage message = mailbox.poll(Math.min(STEP_NANOS, end - System.nanoTime()));
                if (message instanceof Ready ready) {
                    servers = ready.servers();
                    mailbox.closing().due();
                    return;
                } else if (message instanceof Error error) {
                    awaitExit(REFUSAL); // so that its output is complete, and what it has opened is closed
                    RunnerException failure = failure(error.text(), error.callback(), outputFrom);
                    throw error.project() ? RunnerException.ofProject(failure.getMessage(), failure.output()) : failure;
                } else if (message == null && !child.runs() && !mailbox.isOpen()) {
                    // What it said may be there before anybody has taken its connection.
                    end = Math.min(end, System.nanoTime() + LAST_WORDS.toNanos());
                } else if (message instanceof Closed) {
                    throw ended(name + " ended before it was ready", outputFrom);
                } else if (message != null && !(message instanceof Hello)) {
                    throw failure(name + " broke the control protocol while it started", false, outputFrom);
                }
            }
            throw child.runs()
                    ? failure(name + " was not ready within " + timeout.toSeconds() + " s", false, outputFrom)
                    : ended(name + " ended before it was ready", outputFrom);
        } catch (RunnerException e) {
            kill();
            throw e;
        } catch (InterruptedException e) {
            stop(WHEN_INTERRUPTED);
            throw e;
        }
    }

    /**
     * Has it leave off what it does and call what closes what it has opened, if it has such a callback, then kills its
     * tree. Blocks for no longer than about the limit, and hardly where there is no callback.
     */
    void stop(Duration limit) {
        ControlConnection connection = mailbox.connection();
        if (mailbox.closing().exists() && connection != null && isAlive()) {
            try {
                connection.send(Codec.object().put("stop", true));
                awaitExit(limit);
                if (!child.runs()) {
                    mailbox.awaitEnd(LAST_WORDS);
                }
            } catch (IOException e) {
                LOG.debug("{} is gone already", name);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // it is killed at once
            }
            mailbox.closing().over(limit);
        }
        kill();
    }

    /** Waits for its end, whoever else may have to tell of it. */
    private void awaitExit(Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (child.runs() && System.nanoTime() < end) {
            child.awaitExit(Duration.ofNanos(Math.min(STEP_NANOS, Math.max(1, end - System.nanoTime()))));
        }
    }

    /** What went wrong with the callback at its end; complete once it has ended. */
    List<String> callbackProblems() {
        return mailbox.closing().problems();
    }

    /** Says how it ended, and what it printed. */
    RunnerException ended(String what, long outputFrom) throws InterruptedException {
        ChildHandle.Exit exit = child.awaitExit(Duration.ofSeconds(2));
        return failure(what + ": " + exit.told(), false, outputFrom);
    }

    private RunnerException failure(String text, boolean callback, long outputFrom) {
        String printed = output(outputFrom).strip();
        String message = text;
        if (!callback && !printed.isEmpty() && !text.contains(printed)) {
            // What a person needs, such as "cannot load such file -- rspec", is often only there.
            message += "\n" + BoundedText.cut(printed, 4000);
        }
        return new RunnerException(message, printed, callback);
    }

    /** Whether it can be given a file. */
    boolean isAlive() {
        return mailbox.isOpen() && child.runs();
    }

    /**
     * Gives it a file and returns the number of the run; false from {@link #isAlive} afterwards says it is gone.
     *
     * @param together whether it is to load all files of the run for it
     */
    long run(String path, boolean together) throws IOException {
        ObjectNode message = Codec.object();
        message.put("run", ++lastRun);
        message.put("file", path);
        message.put("together", together);
        mailbox.connection().send(message);
        return lastRun;
    }

    /** The next message, waiting for at most some nanoseconds; null if none came. */
    ControlMessage poll(long nanos) throws InterruptedException {
        return mailbox.poll(nanos);
    }

    /**
     * Asks it to end, and waits.
     *
     * @return what failed in test code that runs at the end; empty if nothing did
     */
    String quit(Duration timeout) throws InterruptedException {
        StringBuilder problems = new StringBuilder();
        long end = System.nanoTime() + timeout.toNanos();
        try {
            mailbox.connection().send(Codec.object().put("quit", true));
            listenToTheEnd(end, problems);
            ChildHandle.Exit exit = child.awaitExit(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
            if (mailbox.closing().isRunning()) {
                LOG.debug("{} is still at its closing callback", name); // told of as the callback's, not the tests'
            } else if (child.runs() && System.nanoTime() >= end) {
                problems.append("What test code does at its end took longer than ")
                        .append(timeout.toSeconds())
                        .append(" s, so it was stopped.");
            } else if (problems.isEmpty() && exit.isBad()) {
                problems.append("Test code that runs when the process ends has ended it: ")
                        .append(exit.told())
                        .append('.');
            }
        } catch (IOException e) {
            LOG.debug("{} is gone already", name);
        } finally {
            mailbox.closing().over(timeout);
            kill();
        }
        return BoundedText.cut(problems.toString().strip(), MAX_PROBLEMS);
    }

    /** Until its connection is closed, or, where something else holds that open, for a moment after its end. */
    private void listenToTheEnd(long end, StringBuilder problems) throws InterruptedException {
        ControlMessage message = null;
        long until = end;
        while (!(message instanceof Closed) && System.nanoTime() < until) {
            boolean runs = child.runs();
            message = mailbox.poll(Math.min(STEP_NANOS, until - System.nanoTime()));
            if (message instanceof Closing closing && problems.length() < MAX_PROBLEMS) {
                problems.append(closing.problem()).append("\n\n");
            }
            if (!runs && message == null) {
                until = Math.min(until, System.nanoTime() + STEP_NANOS);
                if (!mailbox.isOpen()) {
                    return;
                }
            }
        }
    }

    /** How it ended, waiting for that no longer than a moment. */
    ChildHandle.Exit exit() throws InterruptedException {
        return child.awaitExit(Duration.ofSeconds(5));
    }

    /** Waits for its end for some time. */
    ChildHandle.Exit exit(Duration time) throws InterruptedException {
        return child.awaitExit(time);
    }

    /** The servers that it starts for each file; known once it is ready. */
    List<OwnServer> servers() {
        return servers;
    }

    /** Whether it was ended from here. */
    boolean isKilled() {
        return killed;
    }

    /** Kills its tree. */
    void kill() {
        killed = true;
        child.kill();
        mailbox.abandon();
    }

    /** Empties the output file when it has grown long, and returns where the next output will begin. */
    long outputMark() {
        long size = BoundedText.size(output);
        if (size <= MAX_KEPT_OUTPUT) {
            return size;
        }
        try (FileChannel channel = FileChannel.open(output, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            channel.truncate(0); // its writers append, so they go on at the new end
            return 0;
        } catch (IOException e) {
            return size;
        }
    }

    /** How many bytes were printed since a mark. */
    long outputSince(long mark) {
        return BoundedText.size(output) - mark;
    }

    /** What was printed since a mark, head and tail when long. */
    String output(long mark) {
        try {
            return BoundedText.slice(output, mark, Long.MAX_VALUE);
        } catch (IOException e) {
            return "(the output could not be read: " + e + ")";
        }
    }
}
