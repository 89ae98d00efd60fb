package io.jenkins.plugins.distributedtest.zuul.task;

import io.jenkins.plugins.distributedtest.callback.Callbacks;
import io.jenkins.plugins.distributedtest.collect.CollectSink;
import io.jenkins.plugins.distributedtest.collect.CollectedTree;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.originator.CollectSettings;
import io.jenkins.plugins.distributedtest.originator.DistributedRun;
import io.jenkins.plugins.distributedtest.originator.RunBase;
import io.jenkins.plugins.distributedtest.originator.SyncFailedException;
import io.jenkins.plugins.distributedtest.report.ConsoleSummary;
import io.jenkins.plugins.distributedtest.report.RerunCommand;
import io.jenkins.plugins.distributedtest.report.Terminal;
import io.jenkins.plugins.distributedtest.session.RunNarrator;
import io.jenkins.plugins.distributedtest.session.RunOutputs;
import io.jenkins.plugins.distributedtest.session.RunPlan;
import io.jenkins.plugins.distributedtest.session.RunProgress;
import io.jenkins.plugins.distributedtest.session.RunVerdict;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/**
 * Shards the suite of the tree over listeners, with the project's own configuration. The broker of this executor wins
 * over the project's, so that a change cannot choose another one. What keeps the suite from being run (no listener, no
 * broker, sources that nobody gets) is no result, so that Zuul tries again; what the change itself broke (its
 * configuration, a suite without files) is a failure.
 */
final class DistributedTask implements TaskKind {
    private static final int NAMED = 10;

    /** What ends a run may take so long also when the job's time is over. */
    private static final Duration ENDING = Duration.ofSeconds(30);

    private final Executor threads;

    /** @param threads runs what may block for long, each at once: what the project runs here, and the sync */
    DistributedTask(Executor threads) {
        this.threads = threads;
    }

    @Override
    public CompletableFuture<Outcome> run(TaskContext context, Dataset dataset, Duration limit) {
        long from = System.nanoTime();
        JobThread thread = new JobThread(context, threads);
        return thread.run(limit, () -> DistributedPreparation.prepare(context, dataset))
                .thenComposeAsync(
                        ready -> distribute(context, thread, ready, limit.minusNanos(System.nanoTime() - from))
                                .whenComplete((done, problem) -> ready.log().close()),
                        context.processes().loop()::execute)
                .exceptionally(problem -> explained(problem, limit, (System.nanoTime() - from) / 1e9));
    }

    private static Outcome explained(Throwable problem, Duration limit, double seconds) {
        Throwable cause = problem instanceof CompletionException ? problem.getCause() : problem;
        if (cause instanceof JobThread.TooLate) {
            return Outcome.of(List.of(Outcome.timedOut(limit)), seconds);
        }
        if (cause instanceof DistributedPreparation.Broken) {
            return Outcome.of(List.of(cause.getMessage()), seconds);
        }
        if (cause instanceof DistributedPreparation.NothingToRun) {
            return Outcome.of(List.of(), seconds);
        }
        if (cause instanceof SyncFailedException sync) {
            return Outcome.noResult(RunNarrator.syncFailed(sync), seconds);
        }
        throw new CompletionException(cause);
    }

    private CompletableFuture<Outcome> distribute(
            TaskContext context, JobThread thread, DistributedPreparation.Ready ready, Duration limit) {
        context.stopper().check();
        EventLoop loop = context.processes().loop();
        long from = System.nanoTime();
        ready.log().line(ready.run().sentence());
        RunNarrator narrator = narrator(ready.run());
        DistributedRun run = DistributedRun.create(
                RunBase.of(loop, ready.run().broker(), thread.owned()),
                ready.run().request(),
                ready.directory(),
                sink(context, ready.run()),
                new RunEventLog(ready.log(), narrator));
        Runnable cancel = () -> run.cancel("Zuul's job was stopped");
        boolean[] late = new boolean[1];
        EventLoop.Scheduled timer = loop.schedule(limit, () -> {
            late[0] = true;
            ready.log().line("[timeout]");
            run.cancel("the job's timeout");
        });
        context.stopper().onStop(cancel);
        run.start();
        return run.result()
                .whenComplete((report, problem) -> {
                    timer.cancel();
                    context.stopper().forget(cancel);
                })
                .thenComposeAsync(
                        report -> {
                            context.stopper().check();
                            ready.log().line(narrator.end(report));
                            Duration left = limit.minusNanos(System.nanoTime() - from);
                            return ended(context, thread, ready, report, left)
                                    .thenApply(undone -> outcome(report, undone, late[0] ? context : null));
                        },
                        loop::execute);
    }

    /** Beside the log and the reports, with which it is published. */
    private static CollectSink sink(TaskContext context, RunPlan run) {
        CollectSettings collect = run.settings().collect();
        return collect.isAsked()
                ? new CollectedTree(context.directories().results(), Path.of(collect.directory()))
                : CollectSink.NONE;
    }

    private static CompletableFuture<List<String>> ended(
            TaskContext context,
            JobThread thread,
            DistributedPreparation.Ready ready,
            RunReport report,
            Duration left) {
        return thread.run(left.compareTo(ENDING) < 0 ? ENDING : left, () -> conclude(context, ready, report))
                .exceptionally(DistributedTask::notConcluded);
    }

    private static RunNarrator narrator(RunPlan run) {
        return new RunNarrator(
                new ConsoleSummary(Terminal.PLAIN, RerunCommand.DEFAULT),
                new RunProgress(run.request()),
                RunNarrator.ADVICE);
    }

    private static List<String> notConcluded(Throwable problem) {
        if (problem instanceof JobThread.TooLate) {
            return List.of("A callback failed: " + Callbacks.AFTER_JOB_FINISHES + " did not end in the job's time");
        }
        throw problem instanceof RuntimeException plain ? plain : new CompletionException(problem);
    }

    /** Returns what could not be done. */
    private static List<String> conclude(TaskContext context, DistributedPreparation.Ready ready, RunReport report)
            throws InterruptedException, IOException {
        // Who reads the log finds the reports beside it, wherever that is published.
        String here = context.directories().results() + "/";
        RunOutputs outputs =
                new RunOutputs(report, RerunCommand.DEFAULT, text -> ready.log().line(text.replace(here, "")));
        outputs.runtimes(ready.run().history(), ready.directory(), ready.historyFile());
        ready.reports().clear();
        outputs.reports(ready.reports(), RunOutputs.Place.LOCAL);
        outputs.collected();
        outputs.unjudged(ready.run().settings());
        outputs.lastCallback(ready.run().settings(), ready.callbacks());
        return outputs.problems();
    }

    /** What Zuul hears of a run. */
    static Outcome outcome(RunReport report, List<String> undone, TaskContext late) {
        List<String> problems = new ArrayList<>();
        if (late != null) {
            problems.add(Outcome.timedOut(late.definition().timeout()));
        } else if (!RunVerdict.of(report).kind().isTested()) {
            return Outcome.noResult(
                    report.problem().isEmpty() ? "The run was cancelled" : report.problem(), report.wallSeconds());
        }
        undone.forEach(each -> problems.add("FAILURE running the job\nException: " + each));
        List<String> failed =
                report.failedOutOfQuarantine().map(file -> file.file().path()).toList();
        if (!failed.isEmpty()) {
            problems.add("FAILURE: " + failed.size() + " of " + report.files().size() + " files failed: "
                    + String.join(", ", failed.subList(0, Math.min(NAMED, failed.size())))
                    + (failed.size() > NAMED ? " and " + (failed.size() - NAMED) + " more" : ""));
        }
        if (problems.isEmpty() && !report.isGreen()) {
            problems.add("FAILURE: " + RunVerdict.of(report).message());
        }
        return Outcome.of(problems, report.wallSeconds());
    }
}
