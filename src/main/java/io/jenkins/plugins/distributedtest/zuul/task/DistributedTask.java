package io.jenkins.plugins.distributedtest.zuul.task;

import io.jenkins.plugins.distributedtest.callback.CallbackException;
import io.jenkins.plugins.distributedtest.config.ConfigException;
import io.jenkins.plugins.distributedtest.config.Configuration;
import io.jenkins.plugins.distributedtest.config.RunConfiguration;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.originator.DistributedRun;
import io.jenkins.plugins.distributedtest.originator.RunBase;
import io.jenkins.plugins.distributedtest.originator.SyncFailedException;
import io.jenkins.plugins.distributedtest.process.ProcessSpec;
import io.jenkins.plugins.distributedtest.report.ConsoleSummary;
import io.jenkins.plugins.distributedtest.report.RerunCommand;
import io.jenkins.plugins.distributedtest.report.Terminal;
import io.jenkins.plugins.distributedtest.runner.RunnerException;
import io.jenkins.plugins.distributedtest.session.LocalCallbacks;
import io.jenkins.plugins.distributedtest.session.ProjectRun;
import io.jenkins.plugins.distributedtest.session.ReportTargets;
import io.jenkins.plugins.distributedtest.session.RunNarrator;
import io.jenkins.plugins.distributedtest.session.RunOutputs;
import io.jenkins.plugins.distributedtest.session.RunPlan;
import io.jenkins.plugins.distributedtest.session.RunProgress;
import io.jenkins.plugins.distributedtest.session.RunVerdict;
import io.jenkins.plugins.distributedtest.session.SuiteChoice;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.suite.RuntimeHistory;
import io.jenkins.plugins.distributedtest.suite.SuiteException;
import io.jenkins.plugins.distributedtest.zuul.exec.TimedLog;
import io.jenkins.plugins.distributedtest.zuul.settings.TaskDefinition;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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

    private final Executor callbackThreads;

    /** @param callbackThreads runs what may block for long: callbacks of the project, if it has some, and the sync */
    DistributedTask(Executor callbackThreads) {
        this.callbackThreads = callbackThreads;
    }

    /**
     * A run that is ready to start.
     *
     * @param directory the project's directory
     * @param run the run
     * @param callbacks the project's callbacks
     * @param historyFile where runtimes are recorded
     * @param reports where its reports go
     * @param log the log of the run
     */
    private record Ready(
            Path directory,
            RunPlan run,
            LocalCallbacks callbacks,
            Path historyFile,
            ReportTargets reports,
            TimedLog log) {}

    /** What the change itself broke. */
    private static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Broken(String message) {
            super(message);
        }
    }

    @Override
    public CompletableFuture<Outcome> run(TaskContext context, Dataset dataset, Duration limit) {
        long from = System.nanoTime();
        return CompletableFuture.supplyAsync(() -> prepare(context, dataset), callbackThreads)
                .thenComposeAsync(
                        ready -> distribute(context, ready, limit)
                                .whenComplete((done, problem) -> ready.log().close()),
                        context.processes().loop()::execute)
                .exceptionally(problem -> explained(problem, (System.nanoTime() - from) / 1e9));
    }

    private static Outcome explained(Throwable problem, double seconds) {
        Throwable cause = problem instanceof CompletionException ? problem.getCause() : problem;
        if (cause instanceof Broken) {
            return Outcome.of(List.of(cause.getMessage()), seconds);
        }
        if (cause instanceof SyncFailedException sync) {
            return Outcome.noResult(RunNarrator.syncFailed(sync), seconds);
        }
        throw new CompletionException(cause);
    }

    private static Ready prepare(TaskContext context, Dataset dataset) {
        context.stopper().check();
        TimedLog log = null;
        try {
            log = TimedLog.open(
                    context.directories().results().resolve("distributed" + suffix(dataset) + ".log"),
                    context.settings().maxLog());
            return prepare(context, dataset, log);
        } catch (CallbackException e) {
            throw broken(log, LocalCallbacks.told(e));
        } catch (ConfigException | SuiteException | RunnerException e) {
            throw broken(log, e.getMessage());
        } catch (IOException e) {
            close(log, e.toString());
            throw new CompletionException(e);
        } catch (InterruptedException e) {
            close(log, "interrupted");
            throw new CompletionException(e);
        }
    }

    private static Ready prepare(TaskContext context, Dataset dataset, TimedLog log)
            throws ConfigException, SuiteException, RunnerException, CallbackException, IOException,
                    InterruptedException {
        Configuration configuration = configure(context, dataset);
        RunConfiguration run = RunConfiguration.from(configuration);
        ProjectRun project =
                ProjectRun.read(configuration, run, SuiteChoice.configured("name them in the job's set: files"));
        project.warnings().forEach(warning -> log.line("Warning: " + warning));
        Path historyFile = context.settings()
                .directories()
                .kept()
                .resolve("runtimes")
                .resolve(context.definition().name().replaceAll("[^A-Za-z0-9._-]", "-") + suffix(dataset) + ".json");
        LocalCallbacks callbacks =
                LocalCallbacks.of(project.settings(), run.directory()).with(variables(context));
        RunPlan plan = project.plan(run.broker(), history(historyFile, log), callbacks);
        ReportTargets reports = ReportTargets.in(context.directories().results(), suffix(dataset));
        return new Ready(run.directory(), plan, callbacks, historyFile, reports, log);
    }

    private static String suffix(Dataset dataset) {
        return dataset == null ? "" : "-" + dataset.name();
    }

    private static Broken broken(TimedLog log, String reason) {
        close(log, reason);
        return new Broken(reason);
    }

    private static void close(TimedLog log, String reason) {
        if (log != null) {
            log.line(reason);
            log.close();
        }
    }

    private static Configuration configure(TaskContext context, Dataset dataset) throws ConfigException {
        TaskDefinition.Distributed work =
                (TaskDefinition.Distributed) context.definition().work();
        Path project = context.directories().tree().resolve(work.directory()).normalize();
        Path file = work.config() == null ? null : Path.of(work.config());
        Configuration configuration =
                Configuration.load(project, file, Configuration.Role.ORIGINATOR, Map.of(), List.of());
        String broker = work.broker() != null ? work.broker() : System.getenv("DISTRIBUTED_TEST_BROKER");
        if (broker != null) {
            configuration.override("connection", broker, "the job's broker");
        }
        for (Map.Entry<String, String> each : work.set().entrySet()) {
            configuration.override(each.getKey(), each.getValue(), "jobs: set: " + each.getKey());
        }
        Map<String, String> variables = TaskEnvironment.telling(context.request());
        variables.putAll(context.settings().environment());
        variables.putAll(context.definition().environment());
        if (dataset != null) {
            variables.put("TH_DATASET", dataset.name());
        }
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            configuration.override("environment." + variable.getKey(), variable.getValue(), "Zuul's request");
        }
        return configuration;
    }

    /** What callbacks find in their environment, whatever the change's configuration says. */
    private static Map<String, String> variables(TaskContext context) {
        Map<String, String> variables = new TreeMap<>(TaskEnvironment.withoutSecrets());
        variables.put(ProcessSpec.MARKER, context.marker());
        variables.put(
                TaskBackend.EXECUTOR_MARK, context.environment().variables().get(TaskBackend.EXECUTOR_MARK));
        return variables;
    }

    /** Recorded runtimes only order the suite: without them it runs all the same. */
    private static RuntimeHistory history(Path file, TimedLog log) {
        try {
            return RuntimeHistory.read(file);
        } catch (SuiteException | IOException e) {
            log.line("No recorded runtimes: " + e.getMessage());
            return RuntimeHistory.EMPTY;
        }
    }

    private CompletableFuture<Outcome> distribute(TaskContext context, Ready ready, Duration limit) {
        context.stopper().check();
        EventLoop loop = context.processes().loop();
        ready.log().line(ready.run().sentence());
        RunNarrator narrator = new RunNarrator(
                new ConsoleSummary(Terminal.PLAIN, RerunCommand.DEFAULT),
                new RunProgress(ready.run().request()),
                RunNarrator.ADVICE);
        DistributedRun run = DistributedRun.create(
                RunBase.of(loop, ready.run().broker(), callbackThreads),
                ready.run().request(),
                ready.directory(),
                new RunEventLog(ready.log(), narrator));
        Runnable cancel = () -> run.cancel("Zuul's job was stopped");
        boolean[] late = new boolean[1];
        EventLoop.Scheduled timer = loop.schedule(limit, () -> {
            late[0] = true;
            ready.log().line("[timeout] after " + limit.toSeconds() + " s");
            run.cancel("the job's timeout");
        });
        context.stopper().onStop(cancel);
        run.start();
        return run.result()
                .whenComplete((report, problem) -> {
                    timer.cancel();
                    context.stopper().forget(cancel);
                })
                .thenApplyAsync(
                        report -> {
                            context.stopper().check();
                            ready.log().line(narrator.end(report));
                            return outcome(report, conclude(context, ready, report), late[0] ? limit : null);
                        },
                        callbackThreads);
    }

    /** Returns what could not be done. */
    private static List<String> conclude(TaskContext context, Ready ready, RunReport report) {
        // Who reads the log finds the reports beside it, wherever that is published.
        String here = context.directories().results() + "/";
        RunOutputs outputs =
                new RunOutputs(report, RerunCommand.DEFAULT, text -> ready.log().line(text.replace(here, "")));
        try {
            outputs.runtimes(ready.run().history(), ready.directory(), ready.historyFile());
            outputs.reports(ready.reports(), RunOutputs.Place.LOCAL);
            outputs.lastCallback(ready.run().settings(), ready.callbacks());
        } catch (InterruptedException e) {
            throw new CompletionException(e);
        }
        return outputs.problems();
    }

    private static Outcome outcome(RunReport report, List<String> undone, Duration timedOutAfter) {
        List<String> problems = new ArrayList<>();
        if (timedOutAfter != null) {
            problems.add("Timed out after " + timedOutAfter.toSeconds() + " s");
        } else if (!RunVerdict.of(report).kind().isTested()) {
            return Outcome.noResult(
                    report.problem().isEmpty() ? "The run was cancelled" : report.problem(), report.wallSeconds());
        }
        undone.forEach(each -> problems.add("FAILURE running the job\nException: " + each));
        List<String> failed = report.failed().map(file -> file.file().path()).toList();
        if (!failed.isEmpty()) {
            problems.add("FAILURE: " + failed.size() + " of " + report.files().size() + " files failed: "
                    + String.join(", ", failed.subList(0, Math.min(NAMED, failed.size())))
                    + (failed.size() > NAMED ? " and " + (failed.size() - NAMED) + " more" : ""));
        }
        return Outcome.of(problems, report.wallSeconds());
    }
}
