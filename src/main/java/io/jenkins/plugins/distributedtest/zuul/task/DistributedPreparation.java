package io.jenkins.plugins.distributedtest.zuul.task;

import io.jenkins.plugins.distributedtest.callback.CallbackException;
import io.jenkins.plugins.distributedtest.callback.Callbacks;
import io.jenkins.plugins.distributedtest.config.ConfigException;
import io.jenkins.plugins.distributedtest.config.Configuration;
import io.jenkins.plugins.distributedtest.config.RunConfiguration;
import io.jenkins.plugins.distributedtest.runner.RunnerException;
import io.jenkins.plugins.distributedtest.session.LocalCallbacks;
import io.jenkins.plugins.distributedtest.session.ProjectRun;
import io.jenkins.plugins.distributedtest.session.ReportTargets;
import io.jenkins.plugins.distributedtest.session.RunPlan;
import io.jenkins.plugins.distributedtest.session.SuiteChoice;
import io.jenkins.plugins.distributedtest.suite.FileSizes;
import io.jenkins.plugins.distributedtest.suite.RuntimeHistory;
import io.jenkins.plugins.distributedtest.suite.SuiteException;
import io.jenkins.plugins.distributedtest.zuul.exec.TimedLog;
import io.jenkins.plugins.distributedtest.zuul.settings.TaskDefinition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;

/**
 * What comes before a distributed run, on the executor's host: the project's configuration is read, its suite chosen, for
 * which Maven, Gradle or Jest may be asked, and {@code before_originate} runs. It may block for as long as these take.
 */
final class DistributedPreparation {
    private DistributedPreparation() {}

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
    record Ready(
            Path directory,
            RunPlan run,
            LocalCallbacks callbacks,
            Path historyFile,
            ReportTargets reports,
            TimedLog log) {}

    /** What the change itself broke. */
    static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Broken(String message) {
            super(message);
        }
    }

    /** There are no tests, and the project's own command passes so. */
    static final class NothingToRun extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    static Ready prepare(TaskContext context, Dataset dataset) {
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

    private static TaskDefinition.Distributed work(TaskContext context) {
        return (TaskDefinition.Distributed) context.definition().work();
    }

    private static Ready prepare(TaskContext context, Dataset dataset, TimedLog log)
            throws ConfigException, SuiteException, RunnerException, CallbackException, IOException,
                    InterruptedException {
        Configuration configuration = configure(context, dataset);
        RunConfiguration run = RunConfiguration.from(configuration);
        String refusal = work(context).projectCode()
                ? null
                : "project_code: false of the job " + context.definition().name();
        ProjectRun project = ProjectRun.read(
                configuration, run, SuiteChoice.configured("name them in the job's set: files"), refusal);
        refuseCallbacks(project, refusal);
        project.warnings().forEach(warning -> log.line("Warning: " + warning));
        if (project.files().isEmpty()) {
            close(log, "Nothing to run: there are no tests.");
            throw new NothingToRun();
        }
        Path historyFile = context.settings()
                .directories()
                .kept()
                .resolve("runtimes")
                .resolve(context.definition().name().replaceAll("[^A-Za-z0-9._-]", "-") + suffix(dataset) + ".json");
        LocalCallbacks callbacks = LocalCallbacks.of(project.settings(), run.directory());
        RunPlan plan = project.plan(run.broker(), history(historyFile, log), callbacks, FileSizes.in(run.directory()));
        ReportTargets reports = ReportTargets.in(context.directories().results(), suffix(dataset));
        plan = plan.collectingTo(context.directories().results().resolve("collected" + suffix(dataset)));
        return new Ready(run.directory(), plan, callbacks, historyFile, reports, log);
    }

    /** Those that would run here; a listener's own are none of this host's business. */
    private static void refuseCallbacks(ProjectRun project, String refusal) {
        List<String> here = Callbacks.onOriginator(project.settings().callbacks());
        if (refusal != null && !here.isEmpty()) {
            throw new Broken("The project has code that would run on the executor's host (" + String.join(", ", here)
                    + "), which " + refusal + " refuses");
        }
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
        TaskDefinition.Distributed work = work(context);
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

    /** Recorded runtimes only order the suite: without them it runs all the same. */
    private static RuntimeHistory history(Path file, TimedLog log) {
        try {
            return RuntimeHistory.read(file);
        } catch (SuiteException | IOException e) {
            log.line("No recorded runtimes: " + e.getMessage());
            return RuntimeHistory.EMPTY;
        }
    }
}
