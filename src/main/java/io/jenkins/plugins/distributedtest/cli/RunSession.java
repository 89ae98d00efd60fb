package io.jenkins.plugins.distributedtest.cli;

import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.config.ConfigException;
import io.jenkins.plugins.distributedtest.config.RunConfiguration;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.originator.DistributedRun;
import io.jenkins.plugins.distributedtest.originator.RunBase;
import io.jenkins.plugins.distributedtest.originator.RunObserver;
import io.jenkins.plugins.distributedtest.originator.SyncFailedException;
import io.jenkins.plugins.distributedtest.report.ConsoleSummary;
import io.jenkins.plugins.distributedtest.report.RerunCommand;
import io.jenkins.plugins.distributedtest.session.LocalCallbacks;
import io.jenkins.plugins.distributedtest.session.ProjectRun;
import io.jenkins.plugins.distributedtest.session.ReportTargets;
import io.jenkins.plugins.distributedtest.session.RunNarrator;
import io.jenkins.plugins.distributedtest.session.RunOutputs;
import io.jenkins.plugins.distributedtest.session.RunPlan;
import io.jenkins.plugins.distributedtest.session.RunProgress;
import io.jenkins.plugins.distributedtest.session.RunVerdict;
import io.jenkins.plugins.distributedtest.suite.FileSizes;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.suite.RuntimeHistory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/**
 * One run from the command line: the preparation and the conclusion are the room {@code session}'s; this has the console
 * with its progress, Ctrl-C and the exit code.
 */
final class RunSession {
    /**
     * How long everything may take after the first Ctrl-C: the ten seconds at most that listeners have to say goodbye, and a
     * little to remove the queues.
     */
    private static final Duration CANCEL_LIMIT = Duration.ofSeconds(14);

    private final RunConfiguration configuration;
    private final ProjectRun project;
    private final LocalCallbacks callbacks;
    private final Console console;
    private final RunTexts texts;
    private final Set<Path> pipes;
    private final Thread thread = Thread.currentThread();
    private final Slots slots;
    private volatile DistributedRun run;
    private volatile boolean cancelled;

    /**
     * How the run is shown.
     *
     * @param program what a user types to start this program
     * @param rerun the command that runs certain files again
     * @param progress whether to show counts on the way
     */
    record RunTexts(String program, RerunCommand rerun, boolean progress) {}

    /** Where slots of this machine come from. */
    @FunctionalInterface
    interface Slots {
        /** Nowhere. */
        Slots NONE = new Slots() {
            @Override
            public LocalSlots prepare(Consumer<String> say) {
                return null;
            }

            @Override
            public Duration closeLimit() {
                return Duration.ZERO;
            }
        };

        /**
         * Makes ready for them.
         *
         * @param say tells people what is done
         * @return null if there are to be none
         */
        LocalSlots prepare(Consumer<String> say) throws ConfigException, IOException;

        /** How long it may take to end them. */
        default Duration closeLimit() {
            return LocalSlots.CLOSE_LIMIT;
        }
    }

    /**
     * @param configuration what is configured
     * @param project what to run
     * @param console where to show it
     * @param texts how to show it
     * @param slots slots of this machine
     */
    RunSession(RunConfiguration configuration, ProjectRun project, Console console, RunTexts texts, Slots slots) {
        this.configuration = configuration;
        this.pipes = ReportTargets.of(configuration).pipes();
        this.project = project;
        this.callbacks = LocalCallbacks.of(project.settings(), configuration.directory());
        this.console = console;
        this.texts = texts;
        this.slots = slots;
    }

    /**
     * Does it all.
     *
     * @param owned whether Ctrl-C is the business of the process that started this one
     * @return the exit code
     */
    int run(boolean owned) throws Exception {
        RuntimeHistory history = RuntimeHistory.read(configuration.runtimeFile());
        Interrupts interrupts =
                Interrupts.handle(this::cancel, CANCEL_LIMIT.plus(slots.closeLimit()), ExitCode.CANCELLED, owned);
        try (LocalSlots local = slots.prepare(console::print)) {
            return runCancellable(history, local);
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

    private int runCancellable(RuntimeHistory history, LocalSlots local) throws Exception {
        BrokerAddress broker = local == null ? configuration.broker() : local.broker();
        RunPlan plan = project.plan(broker, history, callbacks, FileSizes.in(configuration.directory()));
        console.print(plan.sentence());
        if (local != null) {
            local.open(plan.settings().cluster());
        }
        RunNarrator narrator = narrator(plan);
        RunReport report;
        try {
            report = distribute(plan, narrator);
        } catch (SyncFailedException e) {
            console.print(RunNarrator.syncFailed(e));
            return ExitCode.SYNC_FAILED;
        }
        console.print(narrator.end(report));
        return exitCode(report, conclude(plan, report));
    }

    private RunNarrator narrator(RunPlan plan) {
        String cluster = plan.settings().cluster();
        String invitation =
                texts.program() + " listen" + (cluster == null ? "" : " --cluster " + Shell.quoted(cluster));
        return new RunNarrator(
                new ConsoleSummary(console.terminal(), texts.rerun()),
                new RunProgress(plan.request()),
                "Start one, with the same broker: " + invitation);
    }

    private RunReport distribute(RunPlan plan, RunNarrator narrator) throws Exception {
        try (EventLoop loop = new EventLoop("run");
                RunConsole shown = new RunConsole(console, narrator, texts.progress())) {
            start(loop, plan, shown);
            return run.result().get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    private void start(EventLoop loop, RunPlan plan, RunObserver observer) throws InterruptedException {
        DistributedRun created = DistributedRun.create(
                RunBase.of(loop, plan.broker()), plan.request(), configuration.directory(), observer);
        synchronized (this) {
            if (cancelled) {
                throw new InterruptedException();
            }
            run = created;
        }
        created.start();
    }

    /** Returns whether all was well. */
    private boolean conclude(RunPlan plan, RunReport report) throws InterruptedException {
        RunOutputs outputs = new RunOutputs(report, texts.rerun(), console::print);
        outputs.runtimes(plan.history(), configuration.directory(), configuration.runtimeFile());
        outputs.failedFiles(configuration.failedFiles());
        outputs.reports(ReportTargets.of(configuration), RunOutputs.Place.local(pipes));
        outputs.collected();
        outputs.unjudged(plan.settings());
        outputs.lastCallback(plan.settings(), callbacks);
        return outputs.problems().isEmpty();
    }

    private int exitCode(RunReport report, boolean allWell) {
        RunVerdict.Kind kind = RunVerdict.of(report).kind();
        if (cancelled || kind == RunVerdict.Kind.CANCELLED) {
            return ExitCode.CANCELLED;
        }
        if (kind == RunVerdict.Kind.NO_SOURCES) {
            return ExitCode.SYNC_FAILED;
        }
        if (!kind.isTested() || !allWell) {
            return ExitCode.ERROR;
        }
        return kind == RunVerdict.Kind.GREEN ? ExitCode.OK : ExitCode.FAILURES;
    }
}
