package io.jenkins.plugins.distributedtest.jenkins.process;

import io.jenkins.plugins.distributedtest.loop.Backoff;
import io.jenkins.plugins.distributedtest.loop.DaemonThreads;
import io.jenkins.plugins.distributedtest.process.BoundedText;
import io.jenkins.plugins.distributedtest.process.ProcessSpec;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A child process that is kept running: started anew whenever it ends, after a pause that grows while it keeps ending
 * early.
 *
 * <p>Its secrets come over its standard input: one line, and then nothing. That pipe stays open as long as the process
 * shall run. Closing it asks the process to end; the operating system closes it also when this JVM is killed, so no
 * process outlives its supervisor, however that ends.
 *
 * <p>It works on an agent too, where this class is loaded through the channel. Once the channel has closed no further
 * class can be loaded, so ending uses nothing but the Java library and what has been in use before.
 */
public final class SupervisedProcess implements AutoCloseable {
    /** How long a process has for ending by itself. */
    static final Duration GRACE = Duration.ofSeconds(25);
    /** One that ran this long was well: its end is a new story. */
    private static final Duration GOOD = Duration.ofSeconds(30);
    /** Output that is awaited from a process that has ended: a child of its own may hold the pipe. */
    private static final Duration LAST_OUTPUT = Duration.ofSeconds(2);

    private static final int HEAD = 4 << 10;
    private static final int TAIL = 64 << 10;
    private static final int LONGEST_LINE = 8 << 10;

    private final String name;
    private final ProcessSpec spec;
    private final String firstLine;
    private final Watcher watcher;
    private final Thread thread;
    private final BoundedText output = new BoundedText(HEAD, TAIL);
    private final Backoff pauses = new Backoff();

    /** The one that runs; null if none does. This and the following are guarded by this object. */
    private Process process;

    private ProcessStatus status = ProcessStatus.NEW;
    private boolean closed;

    /** Who is told of it; on threads of the supervisor, and not to take long. */
    public interface Watcher {
        /** A line that the process has printed, cut when it is very long. */
        void printed(String line);

        /** It has started, or ended. */
        void changed(ProcessStatus now);
    }

    /** Nobody. */
    public static final Watcher NOBODY = new Watcher() {
        @Override
        public void printed(String line) {
            // Kept all the same.
        }

        @Override
        public void changed(ProcessStatus now) {
            // Known all the same.
        }
    };

    /**
     * Supervises a process from now on.
     *
     * @param name what it is called: the name of the threads
     * @param spec how to start it
     * @param firstLine the line, or lines, that it is told over standard input; not logged anywhere
     * @param watcher who is told of it
     */
    public SupervisedProcess(String name, ProcessSpec spec, String firstLine, Watcher watcher) {
        this.name = name;
        this.spec = spec.stdin(new byte[0]);
        this.firstLine = firstLine;
        this.watcher = watcher;
        thread = DaemonThreads.of(name, this::supervise);
        thread.start();
    }

    /** How it is now. */
    public synchronized ProcessStatus status() {
        return status;
    }

    /** What the processes have printed, the first of it and the last. */
    public String output() {
        return output.toString();
    }

    private void supervise() {
        try {
            while (true) {
                long began = System.nanoTime();
                String ending = runOnce();
                Duration lasted = Duration.ofNanos(System.nanoTime() - began);
                if (!pauseAfter(ending, lasted)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            // Nobody interrupts it but a JVM that ends.
        }
    }

    /** Runs a process to its end, and says how it ended. */
    private String runOnce() throws InterruptedException {
        Process started;
        try {
            started = start();
        } catch (IOException e) {
            return e.getMessage();
        }
        if (started == null) {
            return "not started";
        }
        Thread reader = DaemonThreads.start(name + "-output", () -> read(started.getInputStream()));
        Thread errors = DaemonThreads.start(name + "-errors", () -> read(started.getErrorStream()));
        tell(started);
        int code = started.waitFor();
        reader.join(LAST_OUTPUT.toMillis());
        errors.join(LAST_OUTPUT.toMillis());
        return "exit code " + code;
    }

    /** Null if it is to end meanwhile. */
    private Process start() throws IOException {
        synchronized (this) {
            if (closed) {
                return null;
            }
            process = spec.start();
            status = status.started(process.pid());
        }
        watcher.changed(status());
        return process;
    }

    private void tell(Process started) {
        try {
            OutputStream stdin = started.getOutputStream();
            stdin.write((firstLine + "\n").getBytes(StandardCharsets.UTF_8));
            stdin.flush();
        } catch (IOException e) {
            // It has ended already; how, is told by its exit code and output.
        }
    }

    private void read(InputStream from) {
        byte[] buffer = new byte[4096];
        StringBuilder line = new StringBuilder();
        try (from) {
            for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
                output.append(buffer, 0, n);
                for (int i = 0; i < n; i++) {
                    gather((char) (buffer[i] & 0xff), line);
                }
            }
        } catch (IOException e) {
            // The process ended while it was read: what came is kept.
        }
    }

    private void gather(char next, StringBuilder line) {
        if (next == '\n') {
            byte[] bytes = line.toString().getBytes(StandardCharsets.ISO_8859_1);
            line.setLength(0);
            watcher.printed(new String(bytes, StandardCharsets.UTF_8));
        } else if (line.length() < LONGEST_LINE) {
            line.append(next);
        }
    }

    /** Whether another process is to be started now. */
    private boolean pauseAfter(String ending, Duration lasted) throws InterruptedException {
        long pause;
        ProcessStatus now;
        synchronized (this) {
            process = null;
            if (lasted.compareTo(GOOD) >= 0) {
                pauses.lasted(lasted);
            }
            pause = pauses.next().toMillis();
            status = closed ? status.stopped() : status.ended(ending, pause);
            now = status;
        }
        watcher.changed(now);
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(pause);
        synchronized (this) {
            for (long left = pause; left > 0 && !closed; left = millisUntil(end)) {
                wait(left);
            }
            if (closed) {
                status = status.stopped();
            }
            return !closed;
        }
    }

    private static long millisUntil(long end) {
        return TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
    }

    /** Asks the process to end and starts no other; does not wait. Harmless when repeated. */
    public void stop() {
        Process running;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            running = process;
            notifyAll();
        }
        if (running != null) {
            try {
                running.getOutputStream().close();
            } catch (IOException e) {
                // Its end of the pipe is closed already.
            }
            DaemonThreads.start(name + "-end", () -> endWithForce(running));
        }
    }

    private static void endWithForce(Process running) {
        try {
            if (!running.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                running.destroyForcibly();
            }
        } catch (InterruptedException e) {
            running.destroyForcibly();
        }
    }

    /** Ends the process, in the end with force, and waits for that. Harmless when repeated. */
    @Override
    public void close() {
        stop();
        try {
            thread.join(GRACE.plus(LAST_OUTPUT).plus(LAST_OUTPUT).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
