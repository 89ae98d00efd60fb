package io.jenkins.plugins.distributedtest.process;

import io.jenkins.plugins.distributedtest.loop.DaemonThreads;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Runs a command to its end. Both outputs are drained by a thread each while it runs, so output of any length cannot
 * block it, and only head and tail are kept.
 */
public final class Commands {
    /**
     * How long output is waited for after the command itself has ended: a process that it left in the background may
     * hold the pipe open for ever.
     */
    private static final Duration OUTPUT_GRACE = Duration.ofSeconds(2);

    private Commands() {}

    /**
     * Runs a command and waits for it. A process that it leaves running in the background goes on, unless the command
     * timed out.
     *
     * @param spec the command
     * @param timeout after which its process tree is killed
     * @return what came of it, whatever its exit code
     * @throws IOException if it cannot be started; the message names the program
     * @throws InterruptedException if this thread is interrupted; its process tree is killed
     */
    public static CommandResult run(ProcessSpec spec, Duration timeout) throws IOException, InterruptedException {
        BoundedText all = new BoundedText();
        BoundedText out = new BoundedText();
        Process process = spec.start();
        String name = spec.command().get(0);
        Thread stdout = null;
        Thread stderr = null;
        if (spec.outputFile() == null) {
            stdout = drain("stdout of " + name, process.getInputStream(), all, out);
            stderr = drain("stderr of " + name, process.getErrorStream(), all, null);
        }
        if (spec.stdin() != null) {
            feed(name, process.getOutputStream(), spec.stdin());
        }
        boolean ended;
        try {
            ended = process.waitFor(Math.max(0, timeout.toMillis()), TimeUnit.MILLISECONDS);
            if (!ended) {
                ProcessTree.kill(process, spec.marker());
                process.waitFor(ProcessTree.LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            }
            await(stdout, stderr);
        } catch (InterruptedException e) {
            ProcessTree.kill(process, spec.marker());
            throw e;
        }
        int code = process.isAlive() ? 128 + 9 : process.exitValue();
        return new CommandResult(code, Signals.ofExitCode(code), !ended, all.toString(), out.toString());
    }

    private static void await(Thread stdout, Thread stderr) throws InterruptedException {
        long end = System.nanoTime() + OUTPUT_GRACE.toNanos();
        for (Thread each : new Thread[] {stdout, stderr}) {
            if (each != null) {
                each.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
            }
        }
    }

    private static Thread drain(String name, InputStream from, BoundedText all, BoundedText own) {
        return DaemonThreads.start(name, () -> {
            byte[] buffer = new byte[8192];
            try (from) {
                for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
                    all.append(buffer, 0, n);
                    if (own != null) {
                        own.append(buffer, 0, n);
                    }
                }
            } catch (IOException e) {
                return; // the process ended while it was read: what came is kept
            }
        });
    }

    private static void feed(String name, OutputStream to, byte[] bytes) {
        DaemonThreads.start("stdin of " + name, () -> {
            try (to) {
                to.write(bytes);
            } catch (IOException e) {
                return; // a command may end without reading its input
            }
        });
    }
}
