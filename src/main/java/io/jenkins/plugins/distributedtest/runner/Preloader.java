package io.jenkins.plugins.distributedtest.runner;

import io.jenkins.plugins.distributedtest.process.BoundedText;
import io.jenkins.plugins.distributedtest.process.ProcessSpec;
import io.jenkins.plugins.distributedtest.process.ProcessTree;
import io.jenkins.plugins.distributedtest.runner.ControlMessage.Codec;
import io.jenkins.plugins.distributedtest.runner.ControlMessage.Exited;
import io.jenkins.plugins.distributedtest.runner.ControlMessage.Forked;
import io.jenkins.plugins.distributedtest.runner.ControlMessage.Hello;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * A process that has loaded the framework and the application once and forks a worker per slot when told to.
 *
 * <p>A worker forked from it opens a control connection of its own, with the preloader's token and its slot, and is
 * from then on talked to directly. The preloader collects it when it ends and says how it ended.
 */
final class Preloader {
    private static final long STEP_MILLIS = 100;

    private final RunnerLauncher launcher;
    private final RunnerKind kind;
    private final String marker;
    private final Mailbox mailbox;
    private final Map<Integer, Fork> forks = new ConcurrentHashMap<>();
    private final Map<Long, CompletableFuture<ChildHandle.Exit>> exits = new ConcurrentHashMap<>();
    private String token;
    private RunnerProcess process;
    private long mark;

    /** A worker that was asked for and has not said hello yet. */
    private record Fork(Mailbox mailbox, CompletableFuture<Long> pid) {}

    private Preloader(RunnerLauncher launcher, RunnerKind kind) {
        this.launcher = launcher;
        this.kind = kind;
        marker = launcher.newMarker(kind, 0);
        mailbox = new Mailbox(launcher.closing(kind, 0));
    }

    /**
     * Starts a preloader and waits until the application is loaded.
     *
     * @param started is told of it before it is ready, so that it can be killed meanwhile
     */
    static Preloader start(RunnerLauncher launcher, RunnerKind kind, Consumer<Preloader> started)
            throws RunnerException, InterruptedException {
        Preloader preloader = new Preloader(launcher, kind);
        preloader.start(started);
        return preloader;
    }

    private void start(Consumer<Preloader> started) throws RunnerException, InterruptedException {
        token = launcher.server().expect(this::arrived);
        Path output = launcher.environment().logDirectory().resolve(kind.label() + "-preloader.out");
        mark = BoundedText.size(output);
        try {
            Process child = launcher.start(kind, "preloader", 0, token, marker, output);
            process = new RunnerProcess(kind.label() + "'s preloader", new DirectChild(child, marker), mailbox, output);
            started.accept(this);
            process.awaitReady(launcher.startTimeout(), mark);
        } catch (RunnerException | InterruptedException e) {
            launcher.server().forget(token);
            throw e;
        }
    }

    private ControlServer.Sink arrived(Hello hello, ControlConnection connection) {
        if (hello.role().equals("preloader")) {
            ControlServer.Sink sink = mailbox.arrived(hello, connection);
            return sink == null ? null : message -> heard(message, sink);
        }
        Fork fork = forks.get(hello.slot());
        if (fork == null || !hello.role().equals("worker")) {
            return null;
        }
        ControlServer.Sink sink = fork.mailbox.arrived(hello, connection);
        if (sink != null) {
            fork.pid.complete(hello.pid());
        }
        return sink;
    }

    /** On the thread of the preloader's connection. */
    private void heard(ControlMessage message, ControlServer.Sink rest) {
        if (message instanceof Forked forked) {
            Fork fork = forks.get(forked.slot());
            if (fork != null) {
                fork.pid.complete(forked.pid());
            }
        } else if (message instanceof Exited exited) {
            Integer code = exited.code();
            exit(exited.pid()).complete(new ChildHandle.Exit(code, exited.signal()));
        } else {
            rest.message(message);
        }
    }

    private CompletableFuture<ChildHandle.Exit> exit(long pid) {
        return exits.computeIfAbsent(pid, p -> new CompletableFuture<>());
    }

    /** Whether it can fork. */
    boolean isAlive() {
        return process != null && process.isAlive();
    }

    /**
     * Forks the worker of a slot and waits until it is ready.
     *
     * @param started is told of the worker before it is ready
     */
    RunnerProcess fork(int slot, Consumer<RunnerProcess> started) throws RunnerException, InterruptedException {
        Fork fork = new Fork(new Mailbox(launcher.closing(kind, slot)), new CompletableFuture<>());
        forks.put(slot, fork);
        Path output = launcher.outputFile(kind, slot);
        long from = BoundedText.size(output);
        try {
            mailbox.connection()
                    .send(Codec.object()
                            .put("fork", slot)
                            .put("log", output.toAbsolutePath().toString()));
            long pid = awaitPid(fork);
            ChildHandle child = new ForkedChild(pid, slot, handle(pid));
            RunnerProcess worker = new RunnerProcess(kind.label(), child, fork.mailbox, output);
            started.accept(worker);
            worker.awaitReady(launcher.startTimeout(), from);
            return worker;
        } catch (IOException e) {
            throw gone();
        } finally {
            forks.remove(slot, fork);
        }
    }

    private long awaitPid(Fork fork) throws RunnerException, InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (System.nanoTime() < end) {
            try {
                return fork.pid.get(100, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                if (!isAlive()) {
                    throw gone();
                }
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }
        throw new RunnerException(
                kind.label() + "'s preloader did not fork a worker within 30 s", process.output(mark), false);
    }

    private RunnerException gone() throws InterruptedException {
        // Not killed with its tree: that holds the other slots' workers, which go on without it.
        return process.ended(kind.label() + "'s preloader ended when it was to fork a worker", mark);
    }

    private static ProcessHandle handle(long pid) {
        return ProcessHandle.of(pid).orElse(null);
    }

    /**
     * Asks it to end ({@code after_creating_workers}), and waits.
     *
     * @param limit for how long, if shorter than it may take
     */
    void quit(Duration limit) throws InterruptedException {
        launcher.server().forget(token);
        Duration own = launcher.quitTimeout();
        process.quit(limit.compareTo(own) < 0 ? limit : own);
    }

    /** Whether it calls something at its end. */
    boolean callsBack() {
        return launcher.closing(kind, 0).exists();
    }

    /** What went wrong with that; complete once it has ended. */
    List<String> callbackProblems() {
        RunnerProcess current = process;
        return current == null ? List.of() : current.callbackProblems();
    }

    /** Takes no more of its workers' connections; those that run go on by themselves. */
    void forgetDead() {
        launcher.server().forget(token);
    }

    /** Kills it, its workers and all that came from them. */
    void kill() {
        launcher.server().forget(token);
        RunnerProcess current = process;
        if (current != null) {
            current.kill();
        }
    }

    /**
     * A worker that the preloader forked. Its processes hold the preloader's marker; what tells them from other
     * slots' is the worker id in their environment, or that they are in the worker's session.
     */
    private final class ForkedChild implements ChildHandle {
        private final long pid;
        private final int slot;
        private final ProcessHandle handle;

        private ForkedChild(long pid, int slot, ProcessHandle handle) {
            this.pid = pid;
            this.slot = slot;
            this.handle = handle;
        }

        @Override
        public boolean runs() {
            return handle != null && !exit(pid).isDone() && ProcessTree.runs(handle);
        }

        @Override
        public void kill() {
            Map<String, String> own = Map.of(ProcessSpec.MARKER, marker, "GORGON_WORKER_ID", Integer.toString(slot));
            if (handle == null) {
                ProcessTree.killMarked(own);
            } else {
                ProcessTree.kill(handle, own);
            }
        }

        @Override
        public Exit awaitExit(Duration time) throws InterruptedException {
            long end = System.nanoTime() + time.toNanos();
            try {
                do {
                    Exit told = told(Math.min(STEP_MILLIS, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
                    if (told != null) {
                        return told;
                    }
                } while (isAlive() && System.nanoTime() < end);
                // A preloader that is gone tells nothing, but for what is on its way.
                Exit late = told(Math.min(STEP_MILLIS, time.toMillis()));
                return late == null ? Exit.UNKNOWN : late;
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }

        private Exit told(long millis) throws InterruptedException, ExecutionException {
            try {
                return exit(pid).get(Math.max(0, millis), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                return null;
            }
        }
    }
}
