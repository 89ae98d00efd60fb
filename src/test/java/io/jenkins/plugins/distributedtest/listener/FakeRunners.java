package io.jenkins.plugins.distributedtest.listener;

import io.jenkins.plugins.distributedtest.runner.CaseSink;
import io.jenkins.plugins.distributedtest.runner.RunnerEnvironment;
import io.jenkins.plugins.distributedtest.runner.RunnerException;
import io.jenkins.plugins.distributedtest.runner.WorkerRunner;
import io.jenkins.plugins.distributedtest.suite.CaseStatus;
import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.suite.TestCase;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Runners whose files do nothing, so that tests decide when each ends. A file passes at once, unless it was put on
 * hold; one called {@code fail…} fails, one called {@code crash…} takes its process down, and one called
 * {@code norunner…} cannot be run for want of a runner. One called {@code many…} has {@link #MANY} cases and tells of each
 * as it ends.
 */
final class FakeRunners implements RunnerFactory {
    static final int MANY = 20;

    /** A file that a runner got. */
    record Ran(String runId, int slot, String file) {}

    /** The runners of one job. */
    final class Opened implements JobRunners {
        final RunnerEnvironment environment;
        volatile boolean cancelled;
        volatile boolean closed;
        private final Map<Integer, FakeWorker> workers = new ConcurrentHashMap<>();

        private Opened(RunnerEnvironment environment) {
            this.environment = environment;
        }

        @Override
        public boolean runsRubyCallbacks() {
            return false;
        }

        @Override
        public void beforeCreatingWorkers() {
            // There is no preloader.
        }

        @Override
        public WorkerRunner worker(int slot, CaseSink sink) {
            return workers.computeIfAbsent(slot, each -> new FakeWorker(this, each, sink));
        }

        @Override
        public void stop(Duration limit) {
            cancelled = true;
            workers.values().forEach(FakeWorker::cancel);
        }

        @Override
        public List<String> callbackProblems() {
            return List.of();
        }

        @Override
        public void close(Duration limit) {
            closed = true;
        }
    }

    private final class FakeWorker implements WorkerRunner {
        private final Opened job;
        private final int slot;
        private final CaseSink sink;
        private final CountDownLatch cancelled = new CountDownLatch(1);

        private FakeWorker(Opened job, int slot, CaseSink sink) {
            this.job = job;
            this.slot = slot;
            this.sink = sink;
        }

        @Override
        public FileResult run(TestFile file, Duration timeout) throws RunnerException, InterruptedException {
            ran.add(new Ran(job.environment.runId(), slot, file.path()));
            running.add(file.path());
            try {
                CountDownLatch hold = holds.get(file.path());
                while (hold != null && !hold.await(2, TimeUnit.MILLISECONDS)) {
                    if (cancelled.getCount() == 0) {
                        return result(file, FileStatus.CANCELLED);
                    }
                }
                String name = file.path();
                if (name.startsWith("norunner")) {
                    throw new RunnerException("There is no runner for " + name, "output of the runner", false);
                }
                if (name.startsWith("many")) {
                    return result(file, FileStatus.PASSED).withCases(many());
                }
                return result(
                        file,
                        name.startsWith("fail")
                                ? FileStatus.FAILED
                                : name.startsWith("crash") ? FileStatus.CRASHED : FileStatus.PASSED);
            } finally {
                running.remove(file.path());
            }
        }

        @Override
        public FileResult runAgain(TestFile file, Duration timeout) throws RunnerException, InterruptedException {
            return run(file, timeout);
        }

        /** Offers its cases after each. */
        private List<TestCase> many() {
            List<TestCase> left = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                left.add(new TestCase("case " + i, "Many", 0, CaseStatus.PASSED, null, "", 0));
                if (i < MANY - 1 && sink.offer(List.copyOf(left))) {
                    left.clear();
                }
            }
            return left;
        }

        private FileResult result(TestFile file, FileStatus status) {
            boolean crashed = status == FileStatus.CRASHED;
            return FileResult.of(file, status, 0.25)
                    .withMessage(status == FileStatus.PASSED ? "" : "because")
                    .withOutput("what it printed")
                    .withEnding(crashed ? 137 : null, crashed ? "KILL" : null)
                    .by("command");
        }

        @Override
        public List<String> problems() {
            return List.of();
        }

        @Override
        public List<String> callbackProblems() {
            return List.of();
        }

        @Override
        public void cancel() {
            cancelled.countDown();
        }

        @Override
        public void stop(Duration limit) {
            cancel();
        }

        @Override
        public void close() {
            cancelled.countDown();
        }
    }

    final List<Ran> ran = new CopyOnWriteArrayList<>();
    final List<String> running = new CopyOnWriteArrayList<>();
    final List<Opened> opened = new CopyOnWriteArrayList<>();
    private final Map<String, CountDownLatch> holds = new ConcurrentHashMap<>();

    /** Lets a file run until it is {@linkplain #release released}. */
    FakeRunners hold(String... files) {
        for (String file : files) {
            holds.put(file, new CountDownLatch(1));
        }
        return this;
    }

    void release(String... files) {
        for (String file : files) {
            holds.get(file).countDown();
        }
    }

    List<String> filesRun() {
        return ran.stream().map(Ran::file).toList();
    }

    @Override
    public JobRunners open(RunnerSettings settings, RunnerEnvironment environment) {
        Opened job = new Opened(environment);
        opened.add(job);
        return job;
    }

    @Override
    public List<String> available() {
        return List.of("command");
    }
}
