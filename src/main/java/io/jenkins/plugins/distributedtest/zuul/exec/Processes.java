package io.jenkins.plugins.distributedtest.zuul.exec;

import io.jenkins.plugins.distributedtest.files.PlainFile;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.process.ProcessSpec;
import io.jenkins.plugins.distributedtest.process.ProcessTree;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Runs processes, any number at once, without a thread of ours that waits for any of them: a few threads start and
 * kill them, one reads what they print, and the platform reports when they end.
 */
public final class Processes implements AutoCloseable {
    /** How long a process that was killed may take to end before it is given up. */
    private static final Duration KILL_LIMIT = ProcessTree.LIMIT.plusSeconds(5);

    private final EventLoop loop;
    private final BlockingPool pool;
    private final OutputPump pump = new OutputPump();
    private final AtomicLong number = new AtomicLong();

    /**
     * @param loop runs what depends on their ends
     * @param pool starts and kills them
     */
    public Processes(EventLoop loop, BlockingPool pool) {
        this.loop = loop;
        this.pool = pool;
    }

    /** The pool. */
    public BlockingPool pool() {
        return pool;
    }

    /** The loop. */
    public EventLoop loop() {
        return loop;
    }

    /**
     * Runs a process.
     *
     * @param spec the process
     * @param context the task that it belongs to; its log receives the output
     * @param timeout after which its tree is killed
     * @return its end, on the loop; an {@link IOException} if it cannot be started; a cancellation if it was stopped
     */
    public CompletableFuture<ProcessExit> run(ProcessSpec spec, ProcessContext context, Duration timeout) {
        Run run = new Run(spec.marker(context.marker()), context);
        run.start(timeout);
        return run.result;
    }

    private final class Run {
        private final ProcessSpec spec;
        private final Path output;
        private final TimedLog log;
        private final Stopper stopper;
        private final Runnable kill = this::kill;
        private final CompletableFuture<ProcessExit> result = new CompletableFuture<>();
        // What is below belongs to the loop.
        private Process process;
        private EventLoop.Scheduled timer;
        private boolean timedOut;
        private boolean killing;

        Run(ProcessSpec spec, ProcessContext context) {
            this.spec = spec;
            output = context.scratch().resolve(".output-" + number.incrementAndGet());
            log = context.log();
            stopper = context.stopper();
        }

        void start(Duration timeout) {
            pool.submit(() -> {
                        stopper.check();
                        PlainFile.anew(output).close(); // an earlier process of the job may have left a pipe there
                        return spec.outputFile(output).start();
                    })
                    .whenComplete((made, problem) -> loop.execute(() -> {
                        if (problem != null) {
                            result.completeExceptionally(problem);
                        } else {
                            started(made, timeout);
                        }
                    }));
        }

        private void started(Process made, Duration timeout) {
            process = made;
            pump.add(output, log);
            timer = loop.schedule(timeout, () -> {
                timedOut = true;
                kill();
            });
            made.onExit().thenRun(() -> loop.execute(this::exited));
            stopper.onStop(kill);
        }

        private void kill() {
            if (!loop.inLoop()) {
                loop.execute(this::kill);
                return;
            }
            if (killing || result.isDone()) {
                return;
            }
            killing = true;
            pool.execute(() -> ProcessTree.kill(process, spec.marker()));
            loop.schedule(KILL_LIMIT, this::exited);
        }

        private void exited() {
            timer.cancel();
            stopper.forget(kill);
            int code = process.isAlive() ? 128 + 9 : process.exitValue();
            pump.finish(output)
                    .whenComplete((text, problem) -> loop.execute(() -> {
                        if (stopper.isStopped()) {
                            result.cancel(false);
                        } else {
                            result.complete(new ProcessExit(code, timedOut, text == null ? "" : text));
                        }
                    }));
        }
    }

    /** Stops reading outputs. Processes that still run go on. */
    @Override
    public void close() {
        pump.close();
    }
}
