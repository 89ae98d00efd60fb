package io.jenkins.plugins.distributedtest.cli;

import io.jenkins.plugins.distributedtest.callback.CallbackException;
import io.jenkins.plugins.distributedtest.callback.Callbacks;
import io.jenkins.plugins.distributedtest.config.RunConfiguration;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.originator.DistributedRun;
import io.jenkins.plugins.distributedtest.originator.RunObserver;
import io.jenkins.plugins.distributedtest.originator.RunSettings;
import io.jenkins.plugins.distributedtest.originator.SyncFailedException;
import io.jenkins.plugins.distributedtest.report.ConsoleSummary;
import io.jenkins.plugins.distributedtest.report.RerunCommand;
import io.jenkins.plugins.distributedtest.runner.RunnerException;
import io.jenkins.plugins.distributedtest.runner.SuiteRunners;
import io.jenkins.plugins.distributedtest.suite.RunEnd;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.suite.RuntimeHistory;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import io.jenkins.plugins.distributedtest.suite.TestSuite;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/**
 * One run from the command line: recorded runtimes, the callback {@code before_originate}, the distributed run with its
 * progress, the reports, the callback {@code after_job_finishes}, the exit code.
 */
final class RunSession {
    /**
     * How long everything may take after the first Ctrl-C: the five seconds that listeners have to take leave, and a
     * little to remove the queues.
     */
    private static final Duration CANCEL_LIMIT = Duration.ofSeconds(8);
    /** Gorgon has no limit; a callback that never ends must not hold a build for ever. */
    private static final Duration CALLBACK_LIMIT = Duration.ofMinutes(10);

    private final RunConfiguration configuration;
    private final TestSuite suite;
    private final Console console;
    private final ConsoleSummary summary;
    private final RunReports reports;
    private final boolean showProgress;
    private final Thread thread = Thread.currentThread();
    private volatile DistributedRun run;
    private volatile boolean cancelled;

    /**
     * @param configuration what is configured
     * @param suite what to run
     * @param console where to show it
     * @param rerun the command that runs certain files again
     * @param showProgress whether to show counts on the way
     */
    RunSession(
            RunConfiguration configuration,
            TestSuite suite,
            Console console,
            RerunCommand rerun,
            boolean showProgress) {
        this.configuration = configuration;
        this.suite = suite;
        this.console = console;
        this.summary = new ConsoleSummary(console.terminal(), rerun);
        this.reports = new RunReports(configuration, console, rerun);
        this.showProgress = showProgress;
    }

    /**
     * Does it all.
     *
     * @param owned whether Ctrl-C is the business of the process that started this one
     * @return the exit code
     */
    int run(boolean owned) throws Exception {
        RuntimeHistory history = RuntimeHistory.read(configuration.runtimeFile());
        Interrupts interrupts = Interrupts.handle(this::cancel, CANCEL_LIMIT, ExitCode.CANCELLED, owned);
        try {
            return runCancellable(history);
        } catch (InterruptedException e) {
            if (!interrupts.happened()) {
                throw e;
            }
            console.print("Cancelled.");
            return ExitCode.CANCELLED;
        }
    }

    /** On the first Ctrl-C, on a thread of its own. */
    private void cancel() {
        console.print("Cancelling this run; Ctrl-C again leaves at once.");
        synchronized (this) {
            cancelled = true;
            if (run == null) {
                thread.interrupt();
            } else {
                run.cancel("cancelled by its user");
            }
        }
    }

    private int runCancellable(RuntimeHistory history) throws Exception {
        RunnerSettings runners = settledRunners();
        Callbacks callbacks = callbacks();
        RunSettings settings = settings(runCallback(callbacks, Callbacks.BEFORE_ORIGINATE), runners);
        RunReport report;
        try {
            report = distribute(settings, history);
        } catch (SyncFailedException e) {
            console.print("The sources could not be offered to listeners: " + e.getMessage()
                    + (e.output().isBlank()
                            ? ""
                            : "\n" + e.output().stripTrailing().indent(4).stripTrailing()));
            return ExitCode.SYNC_FAILED;
        }
        console.print(summary.end(report));
        boolean written = reports.write(report, history);
        boolean callbackOk = finishCallback(callbacks);
        return exitCode(report, written && callbackOk);
    }

    private RunnerSettings settledRunners() throws CliException {
        try {
            return SuiteRunners.settle(configuration.settings().runners(), suite.files());
        } catch (RunnerException e) {
            throw new CliException(e.getMessage());
        }
    }

    private Callbacks callbacks() {
        RunSettings settings = configuration.settings();
        List<String> ruby = settings.runners().interpreters().get("ruby");
        return new Callbacks(
                settings.callbacks(), configuration.directory(), settings.environment(), ruby, CALLBACK_LIMIT);
    }

    private static String runCallback(Callbacks callbacks, String name) throws CliException, InterruptedException {
        try {
            return callbacks.run(name);
        } catch (CallbackException e) {
            throw new CliException(e.getMessage()
                    + (e.output().isBlank() ? "" : "\n" + e.output().stripTrailing()));
        }
    }

    private boolean finishCallback(Callbacks callbacks) throws InterruptedException {
        try {
            runCallback(callbacks, Callbacks.AFTER_JOB_FINISHES);
            return true;
        } catch (CliException e) {
            console.print(e.getMessage());
            return false;
        }
    }

    /** What is configured, with the cluster that a callback has chosen, if it has, and the runners of the suite. */
    private RunSettings settings(String chosen, RunnerSettings runners) {
        RunSettings settings = configuration.settings().withRunners(runners);
        return chosen == null || chosen.isBlank() ? settings : settings.withCluster(chosen.strip());
    }

    private RunReport distribute(RunSettings settings, RuntimeHistory history) throws Exception {
        List<TestFile> ordered = history.order(suite.files());
        Map<TestFile, Double> expected = history.expected(ordered);
        console.print(ordered.size() + (ordered.size() == 1 ? " file" : " files") + " through " + configuration.broker()
                + (settings.cluster() == null ? "" : ", cluster " + settings.cluster()));
        Progress progress = new Progress(ordered, expected);
        try (EventLoop loop = new EventLoop("run");
                RunConsole shown = new RunConsole(console, summary, progress, invitation(settings), showProgress)) {
            start(loop, settings, ordered, expected, shown);
            return run.result().get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    private void start(
            EventLoop loop,
            RunSettings settings,
            List<TestFile> ordered,
            Map<TestFile, Double> expected,
            RunObserver observer)
            throws InterruptedException {
        DistributedRun created = DistributedRun.create(
                loop, configuration.broker(), settings, ordered, expected, configuration.directory(), observer);
        synchronized (this) {
            if (cancelled) {
                throw new InterruptedException();
            }
            run = created;
        }
        created.start();
    }

    private String invitation(RunSettings settings) {
        return OwnProgram.name() + " listen"
                + (settings.cluster() == null ? "" : " --cluster " + Shell.quoted(settings.cluster()));
    }

    private int exitCode(RunReport report, boolean allWell) {
        if (cancelled || report.end() == RunEnd.CANCELLED) {
            return ExitCode.CANCELLED;
        }
        if (report.isSyncFailed()) {
            return ExitCode.SYNC_FAILED;
        }
        if (report.end() == RunEnd.ERROR || !allWell) {
            return ExitCode.ERROR;
        }
        return report.isGreen() ? ExitCode.OK : ExitCode.FAILURES;
    }
}
