package io.jenkins.plugins.distributedtest.zuul.task;

import io.jenkins.plugins.distributedtest.callback.CallbackException;
import io.jenkins.plugins.distributedtest.callback.Callbacks;
import io.jenkins.plugins.distributedtest.config.ConfigException;
import io.jenkins.plugins.distributedtest.config.Configuration;
import io.jenkins.plugins.distributedtest.config.RunConfiguration;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.originator.DistributedRun;
import io.jenkins.plugins.distributedtest.originator.RunSettings;
import io.jenkins.plugins.distributedtest.originator.SyncFailedException;
import io.jenkins.plugins.distributedtest.process.ProcessSpec;
import io.jenkins.plugins.distributedtest.report.ConsoleSummary;
import io.jenkins.plugins.distributedtest.report.HtmlReport;
import io.jenkins.plugins.distributedtest.report.JUnitReport;
import io.jenkins.plugins.distributedtest.report.JsonReport;
import io.jenkins.plugins.distributedtest.report.RerunCommand;
import io.jenkins.plugins.distributedtest.report.Terminal;
import io.jenkins.plugins.distributedtest.runner.RunnerException;
import io.jenkins.plugins.distributedtest.runner.Runners;
import io.jenkins.plugins.distributedtest.suite.RunEnd;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.suite.RuntimeHistory;
import io.jenkins.plugins.distributedtest.suite.SuiteException;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import io.jenkins.plugins.distributedtest.suite.TestSuite;
import io.jenkins.plugins.distributedtest.zuul.exec.TimedLog;
import io.jenkins.plugins.distributedtest.zuul.settings.TaskDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
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
    private static final Duration CALLBACK_LIMIT = Duration.ofMinutes(10);
    private static final int NAMED = 10;
    private static final RerunCommand RERUN = RerunCommand.ofPrefix("distributed-test run");

    private final Executor callbackThreads;

    /** @param callbackThreads runs what may block for long: callbacks of the project, if it has some, and the sync */
    DistributedTask(Executor callbackThreads) {
        this.callbackThreads = callbackThreads;
    }

    /** A run that is ready to start. */
    private record Plan(
            RunConfiguration configuration,
            RunSettings settings,
            List<TestFile> files,
            RuntimeHistory history,
            Path historyFile,
            Callbacks callbacks,
            String reports,
            TimedLog log) {}

    /** What the change itself broke. */
    private static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Broken(String message) {
            super(message);
        }
    }

    @Override
    public CompletableFuture<Outcome> run(TaskContext place, Dataset dataset, Duration limit) {
        long from = System.nanoTime();
        return CompletableFuture.supplyAsync(() -> plan(place, dataset), callbackThreads)
                .thenComposeAsync(
                        plan -> distribute(place, plan, limit)
                                .whenComplete((done, problem) -> plan.log().close()),
                        place.processes().loop()::execute)
                .exceptionally(problem -> explained(problem, (System.nanoTime() - from) / 1e9));
    }

    private static Outcome explained(Throwable problem, double seconds) {
        Throwable cause = problem instanceof CompletionException ? problem.getCause() : problem;
        if (cause instanceof Broken) {
            return Outcome.of(List.of(cause.getMessage()), seconds);
        }
        if (cause instanceof SyncFailedException) {
            return Outcome.noResult("The sources could not be offered to listeners: " + cause.getMessage(), seconds);
        }
        throw new CompletionException(cause);
    }

    private static Plan plan(TaskContext place, Dataset dataset) {
        place.stopper().check();
        TaskDefinition.Distributed work =
                (TaskDefinition.Distributed) place.definition().work();
        String suffix = dataset == null ? "" : "-" + dataset.name();
        Path project = place.directories().tree().resolve(work.directory()).normalize();
        Path historyFile = place.settings()
                .directories()
                .kept()
                .resolve("runtimes")
                .resolve(place.definition().name().replaceAll("[^A-Za-z0-9._-]", "-") + suffix + ".json");
        TimedLog log = null;
        try {
            log = TimedLog.open(
                    place.directories().results().resolve("distributed" + suffix + ".log"),
                    place.settings().maxLog());
            RunConfiguration configuration = RunConfiguration.from(configure(place, dataset, work, project, log));
            TestSuite suite = TestSuite.find(project, configuration.files(), configuration.exclude());
            suite.warnings().forEach(log::line);
            Callbacks callbacks = callbacks(configuration, place);
            String cluster = callbacks.run(Callbacks.BEFORE_ORIGINATE);
            RunSettings settings = configuration
                    .settings()
                    .withRunners(configuration.settings().runners().using(runners(configuration.settings(), suite)));
            return new Plan(
                    configuration,
                    cluster == null || cluster.isBlank() ? settings : settings.withCluster(cluster.strip()),
                    suite.files(),
                    history(historyFile, log),
                    historyFile,
                    callbacks,
                    suffix,
                    log);
        } catch (ConfigException | SuiteException | RunnerException | CallbackException e) {
            close(log, e.getMessage());
            throw new Broken(e.getMessage());
        } catch (IOException e) {
            close(log, e.toString());
            throw new CompletionException(e);
        } catch (InterruptedException e) {
            close(log, "interrupted");
            throw new CompletionException(e);
        }
    }

    private static void close(TimedLog log, String reason) {
        if (log != null) {
            log.line(reason);
            log.close();
        }
    }

    private static Configuration configure(
            TaskContext place, Dataset dataset, TaskDefinition.Distributed work, Path project, TimedLog log)
            throws ConfigException {
        Path file = work.config() == null ? null : Path.of(work.config());
        Configuration configuration =
                Configuration.load(project, file, Configuration.Role.ORIGINATOR, Map.of(), List.of());
        configuration.warnings().forEach(log::line);
        String broker = work.broker() != null ? work.broker() : System.getenv("DISTRIBUTED_TEST_BROKER");
        if (broker != null) {
            configuration.override("connection", broker, "the job's broker");
        }
        for (Map.Entry<String, String> each : work.set().entrySet()) {
            configuration.override(each.getKey(), each.getValue(), "jobs: set: " + each.getKey());
        }
        Map<String, String> variables = TaskEnvironment.telling(place.request());
        variables.putAll(place.settings().environment());
        variables.putAll(place.definition().environment());
        if (dataset != null) {
            variables.put("TH_DATASET", dataset.name());
        }
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            configuration.override("environment." + variable.getKey(), variable.getValue(), "Zuul's request");
        }
        return configuration;
    }

    private static Callbacks callbacks(RunConfiguration configuration, TaskContext place) {
        RunSettings settings = configuration.settings();
        return new Callbacks(
                        settings.callbacks(),
                        configuration.directory(),
                        settings.environment(),
                        settings.runners().interpreters().get("ruby"),
                        CALLBACK_LIMIT)
                .with(TaskEnvironment.withoutSecrets())
                .with(Map.of(
                        ProcessSpec.MARKER, place.marker(),
                        TaskBackend.EXECUTOR_MARK,
                                place.environment().variables().get(TaskBackend.EXECUTOR_MARK)));
    }

    private static Set<String> runners(RunSettings settings, TestSuite suite) throws RunnerException {
        Set<String> used = new TreeSet<>();
        for (TestFile file : suite.files()) {
            used.add(Runners.runnerFor(settings.runners(), file));
        }
        return used;
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

    private CompletableFuture<Outcome> distribute(TaskContext place, Plan plan, Duration limit) {
        place.stopper().check();
        EventLoop loop = place.processes().loop();
        List<TestFile> ordered = plan.history().order(plan.files());
        plan.log()
                .line(ordered.size() + (ordered.size() == 1 ? " file" : " files") + " through "
                        + plan.configuration().broker());
        DistributedRun run = DistributedRun.create(
                loop,
                plan.configuration().broker(),
                plan.settings(),
                ordered,
                plan.history().expected(ordered),
                plan.configuration().directory(),
                new RunEventLog(plan.log(), new ConsoleSummary(Terminal.PLAIN, RERUN)),
                callbackThreads);
        Runnable cancel = () -> run.cancel("Zuul's job was stopped");
        boolean[] late = new boolean[1];
        EventLoop.Scheduled timer = loop.schedule(limit, () -> {
            late[0] = true;
            plan.log().line("[timeout] after " + limit.toSeconds() + " s");
            run.cancel("the job's timeout");
        });
        place.stopper().onStop(cancel);
        run.start();
        return run.result()
                .whenComplete((report, problem) -> {
                    timer.cancel();
                    place.stopper().forget(cancel);
                })
                .thenApplyAsync(
                        report -> {
                            place.stopper().check();
                            return concluded(place, plan, report, late[0] ? limit : null);
                        },
                        callbackThreads);
    }

    private static Outcome concluded(TaskContext place, Plan plan, RunReport report, Duration timedOutAfter) {
        List<String> problems = new ArrayList<>();
        plan.log().line(new ConsoleSummary(Terminal.PLAIN, RERUN).end(report));
        try {
            write(place, plan, report);
            plan.callbacks().run(Callbacks.AFTER_JOB_FINISHES);
        } catch (IOException | CallbackException e) {
            problems.add("FAILURE running the job\nException: " + e.getMessage());
        } catch (InterruptedException e) {
            throw new CompletionException(e);
        }
        if (timedOutAfter != null) {
            problems.add(0, "Timed out after " + timedOutAfter.toSeconds() + " s");
        } else if (report.end() == RunEnd.ERROR || report.end() == RunEnd.CANCELLED) {
            return Outcome.noResult(
                    report.problem().isEmpty() ? "The run was cancelled" : report.problem(), report.wallSeconds());
        }
        List<String> failed = report.failed().map(file -> file.file().path()).toList();
        if (!failed.isEmpty()) {
            problems.add("FAILURE: " + failed.size() + " of " + report.files().size() + " files failed: "
                    + String.join(", ", failed.subList(0, Math.min(NAMED, failed.size())))
                    + (failed.size() > NAMED ? " and " + (failed.size() - NAMED) + " more" : ""));
        }
        return Outcome.of(problems, report.wallSeconds());
    }

    private static void write(TaskContext place, Plan plan, RunReport report) throws IOException {
        Path results = place.directories().results();
        JUnitReport.write(report, results.resolve("junit" + plan.reports() + ".xml"));
        HtmlReport.write(report, RERUN, results.resolve("report" + plan.reports() + ".html"));
        JsonReport.write(report, results.resolve("report" + plan.reports() + ".json"));
        Files.createDirectories(plan.historyFile().getParent());
        plan.history().updated(report, plan.configuration().directory()).write(plan.historyFile());
    }
}
