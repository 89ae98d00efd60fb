package io.jenkins.plugins.distributedtest.runner;

import io.jenkins.plugins.distributedtest.process.BoundedText;
import io.jenkins.plugins.distributedtest.runner.ControlMessage.Case;
import io.jenkins.plugins.distributedtest.runner.ControlMessage.Closed;
import io.jenkins.plugins.distributedtest.runner.ControlMessage.Done;
import io.jenkins.plugins.distributedtest.runner.ControlMessage.Exiting;
import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Runs files in a process that stays.
 *
 * <p>The process is started when its first file comes. It is given a file by one line and answers with a line per
 * case and one for the end. When it ends in the middle, for whatever reason, that file gets the blame, what is left
 * of its process tree is killed, and the next file gets a new process. So does it after a timeout, and after every file
 * where each has a process of its own, or when the process says that it is of no further use.
 *
 * <p>No process runs a file twice: what the first time has loaded (a helper with tests of its own, a module's state) is
 * not loaded again, so that tests would be missing from the second result, or pass since the first had prepared them.
 */
final class PersistentRunner implements FileRunner {
    /** A file that prints more than this, in bytes, is stopped before it fills the disk. */
    static final long MAX_OUTPUT = 1L << 30;
    /** How long a process gets to end after it said that it is about to, for exit hooks of test code. */
    private static final Duration EXIT_GRACE = Duration.ofSeconds(10);
    /** For the closing callback of a process that was just started when all was stopped. */
    private static final Duration WHEN_LATE = Duration.ofSeconds(1);

    private static final long STEP_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final RunnerKind kind;
    private final WorkerStarter starter;
    private final Duration quitTimeout;
    private final boolean perFile;
    private final CaseSink sink;
    private final Set<String> ran = new HashSet<>(); // by this process; the slot's thread's
    private final StringBuilder problems = new StringBuilder(); // of processes that ended between files
    private final List<String> callbackProblems = new CopyOnWriteArrayList<>(); // of processes that were replaced
    private volatile RunnerProcess process;
    private volatile boolean cancelled;

    /**
     * @param perFile whether the process is ended in good order after each file
     * @param sink takes cases before the end of their file
     */
    PersistentRunner(RunnerKind kind, WorkerStarter starter, Duration quitTimeout, boolean perFile, CaseSink sink) {
        this.kind = kind;
        this.starter = starter;
        this.quitTimeout = quitTimeout;
        this.perFile = perFile;
        this.sink = sink;
    }

    @Override
    public FileResult run(TestFile file, Duration timeout) throws RunnerException, InterruptedException {
        return run(file, timeout, false);
    }

    /** @param together whether the file's process is to load all files for it */
    private FileResult run(TestFile file, Duration timeout, boolean together)
            throws RunnerException, InterruptedException {
        long begin = System.nanoTime();
        RunnerProcess current;
        try {
            if (ran.contains(file.path())) {
                renew();
            }
            current = ready();
            ran.add(file.path());
        } catch (RunnerException e) {
            if (cancelled) {
                return new Attempt(file, together, null, begin, 0).ended(FileStatus.CANCELLED, "", null);
            }
            throw e;
        }
        Attempt attempt = new Attempt(file, together, current, System.nanoTime(), current.outputMark());
        if (cancelled) {
            current.kill();
            return attempt.ended(FileStatus.CANCELLED, "", null);
        }
        try {
            FileResult result = attempt.run(timeout);
            Done end = attempt.end;
            if (end != null && end.again()) { // by a new process, since this one was given it
                return run(file, timeout, together || end.together());
            }
            return (perFile || end != null && end.last()) && !cancelled && current.isAlive()
                    ? Told.withProblem(result, current.quit(quitTimeout))
                    : result;
        } catch (InterruptedException e) {
            current.kill();
            throw e;
        }
    }

    @Override
    public void start() throws RunnerException, InterruptedException {
        try {
            ready();
        } catch (RunnerException e) {
            if (!cancelled) {
                throw e;
            }
        }
    }

    /** The servers that its process starts for each file; known once that was started. */
    List<OwnServer> servers() {
        return process == null ? List.of() : process.servers();
    }

    @Override
    public void renew() throws InterruptedException {
        RunnerProcess current = process;
        if (current != null && !ran.isEmpty() && current.isAlive() && !cancelled) {
            problems.append(current.quit(quitTimeout)).append("\n\n");
        }
    }

    private RunnerProcess ready() throws RunnerException, InterruptedException {
        RunnerProcess current = process;
        if (current != null) {
            if (current.isAlive()) {
                return current;
            }
            noteEnd(current);
            current.kill(); // it ended between two files: what it left behind goes too
            callbackProblems.addAll(current.callbackProblems());
        }
        ran.clear();
        process = starter.start(started -> {
            process = started;
            if (cancelled) {
                started.kill();
            }
        });
        if (cancelled) {
            process.stop(WHEN_LATE); // before it was given a file
        }
        return process;
    }

    /** A process that ended badly while it ran no file: what a file left behind in it has done so. */
    private void noteEnd(RunnerProcess current) throws InterruptedException {
        ChildHandle.Exit exit = current.isKilled() || cancelled ? ChildHandle.Exit.UNKNOWN : current.exit();
        problems.append(Told.betweenFiles(exit));
    }

    @Override
    public void cancel() {
        cancelled = true;
        RunnerProcess current = process;
        if (current != null) {
            current.kill();
        }
    }

    @Override
    public void stop(Duration limit) {
        cancelled = true;
        RunnerProcess current = process;
        if (current != null) {
            current.stop(limit);
        }
    }

    @Override
    public List<String> callbackProblems() {
        List<String> all = new ArrayList<>(callbackProblems);
        all.addAll(process == null ? List.of() : process.callbackProblems());
        return all;
    }

    @Override
    public String close() throws InterruptedException {
        RunnerProcess current = process;
        if (current != null && current.isAlive() && !cancelled) {
            problems.append(current.quit(quitTimeout));
        } else if (current != null) {
            noteEnd(current);
            current.kill();
        }
        return problems.toString().strip();
    }

    /** One file in one process. */
    private final class Attempt {
        private final TestFile file;
        private final boolean together;
        private final RunnerProcess in;
        private final long begin;
        private final long mark;
        private final CaseCollector cases = new CaseCollector(sink);
        private Exiting exiting;
        private Done end;

        Attempt(TestFile file, boolean together, RunnerProcess in, long begin, long mark) {
            this.file = file;
            this.together = together;
            this.in = in;
            this.begin = begin;
            this.mark = mark;
        }

        FileResult run(Duration timeout) throws InterruptedException {
            long deadline = begin + timeout.toNanos();
            long looked = begin;
            long run;
            try {
                run = in.run(file.path(), together);
            } catch (IOException e) {
                return gone();
            }
            while (true) {
                long now = System.nanoTime();
                if (now >= deadline) {
                    return stopped();
                }
                ControlMessage message = in.poll(Math.min(STEP_NANOS, deadline - now));
                FileResult result = message == null ? null : heard(message, run);
                if (result == null && now - looked >= STEP_NANOS) {
                    looked = now;
                    result = watched();
                }
                if (result != null) {
                    return result;
                }
                if (message instanceof Exiting) {
                    deadline = Math.min(deadline, System.nanoTime() + EXIT_GRACE.toNanos());
                }
            }
        }

        /** Looked at once in a while, whether or not cases come meanwhile. */
        private FileResult watched() {
            if (in.outputSince(mark) > MAX_OUTPUT) {
                in.kill();
                return ended(FileStatus.FAILED, Told.printedMoreThan(MAX_OUTPUT), null);
            }
            return null;
        }

        private FileResult heard(ControlMessage message, long run) throws InterruptedException {
            if (message instanceof Case one) {
                if (one.run() > run || one.run() < 1) {
                    return broken("a case of run " + one.run() + " during run " + run);
                }
                // A case of an earlier run is a straggler of a file that has its result already.
                if (one.run() == run) {
                    cases.add(one.testCase());
                }
                return null;
            } else if (message instanceof Done done) {
                return done.run() == run ? done(done) : broken("the end of run " + done.run() + " during run " + run);
            } else if (message instanceof Exiting said) {
                exiting = said;
                return null;
            } else if (message instanceof Closed closed) {
                return closed.fault() == null ? gone() : broken(closed.fault());
            }
            return broken("a message out of place: " + message.getClass().getSimpleName());
        }

        private FileResult done(Done done) {
            boolean another = done.together() && !together || ran.size() > 1;
            if (done.again() && !another) {
                return broken("no run of its first file");
            }
            end = done;
            if (done.passed() && (done.decided() || !cases.isBad())) {
                return ended(FileStatus.PASSED, done.message(), null);
            }
            String message = Told.failed(done.message(), cases.isBad());
            ChildHandle.Exit exit = new ChildHandle.Exit(done.code(), done.signal());
            return ended(done.signal() == null ? FileStatus.FAILED : FileStatus.CRASHED, message, exit);
        }

        private FileResult broken(String how) {
            return over(() -> ended(FileStatus.FAILED, Told.broken(how), null));
        }

        /** The time is up. */
        private FileResult stopped() {
            return over(() -> exiting != null
                    ? exited(ChildHandle.Exit.UNKNOWN)
                    : ended(FileStatus.TIMED_OUT, Told.timedOut((System.nanoTime() - begin) / 1e9), null));
        }

        /** The process has ended, or will not be heard of again. */
        private FileResult gone() throws InterruptedException {
            ChildHandle.Exit exit = in.exit();
            return over(() -> exiting != null && exit.signal() == null
                    ? exited(exit)
                    : ended(FileStatus.CRASHED, "The process that ran it ended: " + exit.told() + ".", exit));
        }

        /** Nothing more is heard of the process: what is left of it is killed. Whoever was cancelled says just that. */
        private FileResult over(Supplier<FileResult> otherwise) {
            in.kill();
            return cancelled ? ended(FileStatus.CANCELLED, "", null) : otherwise.get();
        }

        private FileResult exited(ChildHandle.Exit exit) {
            Integer code = exiting.code() != null ? exiting.code() : exit.code();
            return ended(FileStatus.FAILED, Told.exited(code, exiting.message()), new ChildHandle.Exit(code, null));
        }

        FileResult ended(FileStatus status, String message, ChildHandle.Exit exit) {
            return FileResult.of(file, status, (System.nanoTime() - begin) / 1e9)
                    .withCases(cases.cases())
                    .withMessage(BoundedText.cut(message, 64 << 10))
                    .withOutput(in == null ? "" : in.output(mark))
                    .withEnding(exit == null ? null : exit.code(), exit == null ? null : exit.signal())
                    .by(kind.label())
                    .withSeed(end == null ? null : end.seed());
        }
    }
}
