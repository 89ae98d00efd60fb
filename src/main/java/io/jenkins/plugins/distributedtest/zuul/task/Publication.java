package io.jenkins.plugins.distributedtest.zuul.task;

import io.jenkins.plugins.distributedtest.files.Reason;
import io.jenkins.plugins.distributedtest.zuul.ZuulRequest;
import io.jenkins.plugins.distributedtest.zuul.exec.ProcessContext;
import io.jenkins.plugins.distributedtest.zuul.exec.Processes;
import io.jenkins.plugins.distributedtest.zuul.exec.Stopper;
import io.jenkins.plugins.distributedtest.zuul.exec.TimedLog;
import io.jenkins.plugins.distributedtest.zuul.publish.Publisher;
import io.jenkins.plugins.distributedtest.zuul.settings.TaskDefinition;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gathers the logs and reports of a task, and publishes them. */
final class Publication {
    private static final Logger LOG = LoggerFactory.getLogger(Publication.class);

    private final Processes processes;
    private final Publisher publisher;
    private final TaskDefinition definition;
    private final ZuulRequest request;
    private final TaskDirectories directories;
    private final TimedLog log;
    private final Stopper stopper;

    Publication(
            Processes processes,
            Publisher publisher,
            TaskDefinition definition,
            ZuulRequest request,
            TaskDirectories directories,
            TimedLog log,
            Stopper stopper) {
        this.processes = processes;
        this.publisher = publisher;
        this.definition = definition;
        this.request = request;
        this.directories = directories;
        this.log = log;
        this.stopper = stopper;
    }

    /**
     * Publishes everything.
     *
     * @param outcome what came of the job
     * @param results and of its datasets
     * @param startedAt when it began
     * @param description what Zuul says about it; null if nothing
     * @param step told which step it is at
     * @return the outcome; with a further problem if something could not be published
     */
    CompletableFuture<Outcome> publish(
            Outcome outcome, List<DatasetResult> results, Instant startedAt, String description, IntConsumer step) {
        step.accept(4);
        return processes
                .pool()
                .submit(() -> gather(outcome, results, startedAt, description))
                .thenCompose(files -> {
                    step.accept(5);
                    return unlessStopped(publisher.publish(
                            directories.results(),
                            files,
                            directories.logPath(),
                            new ProcessContext(directories.scratch(), directories.marker(), null, stopper)));
                })
                .handle((done, problem) -> problem == null ? outcome : notPublished(outcome, problem));
    }

    /** An upload that hangs must not keep a job that is stopped from its end. */
    private CompletableFuture<Void> unlessStopped(CompletableFuture<Void> upload) {
        Runnable giveUp = () -> upload.completeExceptionally(new CancellationException("stopped"));
        stopper.onStop(giveUp);
        return upload.whenComplete((done, problem) -> stopper.forget(giveUp));
    }

    private List<Path> gather(Outcome outcome, List<DatasetResult> results, Instant startedAt, String description)
            throws IOException {
        List<DatasetResult> named =
                results.stream().filter(each -> each.name() != null).toList();
        log.line("Step 4: Gather the results");
        if (!named.isEmpty()) {
            DatasetReport.write(
                    request.job(), startedAt, named, directories.results().resolve(DatasetReport.NAME));
        }
        JUnitFiles.copy(definition.junit(), directories, log);
        log.line("Step 5: Publish the logs");
        log.line("Result: " + outcome.text());
        log.close();
        IndexPage.write(directories.results(), request, description, outcome.text(), named, directories.files());
        return directories.files();
    }

    private Outcome notPublished(Outcome outcome, Throwable problem) {
        Throwable cause = problem instanceof CompletionException ? problem.getCause() : problem;
        LOG.warn("The logs of {} stay in {}: {}", request.told(), directories.results(), Reason.of(cause));
        List<String> problems = new ArrayList<>(outcome.problems());
        problems.add("FAILURE during cleanup and log upload");
        problems.add("Exception: " + Reason.of(cause));
        return new Outcome(problems, outcome.seconds(), outcome.retry(), outcome.fault());
    }
}
