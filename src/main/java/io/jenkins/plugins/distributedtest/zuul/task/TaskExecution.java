package io.jenkins.plugins.distributedtest.zuul.task;

import io.jenkins.plugins.distributedtest.process.ProcessTree;
import io.jenkins.plugins.distributedtest.zuul.InvalidRequestException;
import io.jenkins.plugins.distributedtest.zuul.ZuulBackend;
import io.jenkins.plugins.distributedtest.zuul.ZuulReporter;
import io.jenkins.plugins.distributedtest.zuul.ZuulRequest;
import io.jenkins.plugins.distributedtest.zuul.exec.ProcessContext;
import io.jenkins.plugins.distributedtest.zuul.exec.Stopper;
import io.jenkins.plugins.distributedtest.zuul.exec.TimedLog;
import io.jenkins.plugins.distributedtest.zuul.publish.LogPath;
import io.jenkins.plugins.distributedtest.zuul.settings.TaskDefinition;
import io.jenkins.plugins.distributedtest.zuul.source.Revision;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One job, from its request to its result. Its steps, each told to Zuul as progress: set up the directories, get the
 * sources, do the work (once per dataset), gather what is to be published, publish it. However far it gets, what there
 * is of its logs is published.
 *
 * <p>What may come of it: {@code SUCCESS}; a text that says what went wrong with the change; no result, where the fault
 * is not the change's (no sources, no disk, no listener), so that Zuul tries again; {@code ABORTED} when it was
 * stopped. Whatever it is, no process of the job is left by then.
 *
 * <p>All state belongs to the runner's loop.
 */
final class TaskExecution implements ZuulBackend.Execution {
    private static final Logger LOG = LoggerFactory.getLogger(TaskExecution.class);
    private static final int STEPS = 5;
    /** What is wrong with this host and not with the change, in the words of the system. */
    private static final Pattern HOST_FAULT =
            Pattern.compile("No space left on device|Too many open files|Cannot allocate memory|Read-only file system"
                    + "|Resource temporarily unavailable");

    private final TaskBackend runner;
    private final TaskDefinition definition;
    private final ZuulRequest request;
    private final ZuulReporter reports;
    private final Stopper stopper = new Stopper();
    private final Instant startedAt = Instant.now();
    private final List<DatasetResult> results = new ArrayList<>();
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private TaskDirectories directories;
    private TimedLog log;
    private boolean isWorking;
    private volatile String description;
    private volatile boolean abortWithoutResult;

    TaskExecution(TaskBackend runner, TaskDefinition definition, ZuulRequest request, ZuulReporter reports) {
        this.runner = runner;
        this.definition = definition;
        this.request = request;
        this.reports = reports;
    }

    // ---- what Zuul may ask for

    @Override
    public void stop(String reason) {
        stopper.stop(reason);
    }

    @Override
    public void describe(String html) {
        description = html;
    }

    /** Stops it without a result. */
    CompletableFuture<Void> abort(String reason) {
        abortWithoutResult = true;
        stopper.stop(reason);
        return end;
    }

    // ---- the story

    void begin() {
        Executor loop = runner.loop()::execute;
        CompletableFuture.completedFuture((Void) null)
                .thenComposeAsync(done -> setUp(), loop)
                .thenComposeAsync(done -> sources(), loop)
                .thenComposeAsync(done -> work(), loop)
                .handleAsync((done, problem) -> outcome(problem), loop)
                .thenComposeAsync(this::leftovers, loop)
                .thenComposeAsync(this::publish, loop)
                .whenCompleteAsync(this::conclude, loop);
    }

    private void step(int number) {
        stopper.check();
        reports.progress(number, STEPS);
    }

    private CompletableFuture<Void> setUp() {
        step(1);
        directories = TaskDirectories.of(request, runner.settings().directories());
        String url = LogPath.url(runner.settings().publish().url(), directories.logPath());
        if (url != null) {
            reports.url(url);
        }
        return runner.processes().pool().submit(() -> {
            directories.make(request);
            log = TimedLog.open(
                    directories.results().resolve("task_output.log"),
                    runner.settings().maxLog());
            log.line("Step 1: Setup environment");
            log.line(request.job() + " " + request.unique() + " for " + request.parameter("ZUUL_PROJECT") + " "
                    + request.parameter("ZUUL_CHANGE_IDS") + " " + request.parameter("ZUUL_REF"));
            return null;
        });
    }

    private CompletableFuture<Void> sources() {
        step(2);
        if (!definition.sources()) {
            return runner.processes().pool().submit(() -> {
                Files.createDirectories(directories.tree());
                return null;
            });
        }
        log.line("Step 2: Checkout updates from git");
        Revision revision = Revision.of(request, runner.sources().settings().origins(), definition.branch());
        return runner.processes()
                .pool()
                .submit(() -> TimedLog.open(
                        directories.results().resolve("git_prep.log"),
                        runner.settings().maxLog()))
                .thenCompose(gitLog -> runner.sources()
                        .checkOut(
                                revision,
                                directories.tree(),
                                new ProcessContext(directories.scratch(), directories.marker(), gitLog, stopper))
                        .whenComplete((commit, problem) -> gitLog.close()))
                .thenAccept(commit -> log.line("Checked out " + commit));
    }

    private CompletableFuture<Void> work() {
        step(3);
        isWorking = true;
        log.line("Step 3: Run " + definition.name());
        TaskEnvironment environment = TaskEnvironment.of(request, definition, runner.settings());
        if (!environment.leftOut().isEmpty()) {
            log.line("Not put into the environment: " + String.join(", ", environment.leftOut()) + " (they are in "
                    + TaskDirectories.PARAMETERS + " in the working directory)");
        }
        Map<String, String> marked = new TreeMap<>(environment.variables());
        marked.putAll(runner.mark());
        TaskContext place = new TaskContext(
                request,
                definition,
                runner.settings(),
                directories,
                new TaskEnvironment(marked, List.of()),
                directories.marker(),
                log,
                stopper,
                runner.processes());
        long deadline = System.nanoTime() + definition.timeout().toNanos();
        if (definition.datasets() == null) {
            return once(place, null, deadline);
        }
        return runner.processes()
                .pool()
                .submit(() -> Dataset.of(definition.datasets(), request.parameter("ZUUL_PROJECT")))
                .thenCompose(datasets -> {
                    CompletableFuture<Void> last = CompletableFuture.completedFuture(null);
                    for (Dataset dataset : datasets) {
                        last = last.thenComposeAsync(done -> once(place, dataset, deadline), runner.loop()::execute);
                    }
                    return last;
                });
    }

    private CompletableFuture<Void> once(TaskContext place, Dataset dataset, long deadline) {
        stopper.check();
        String name = dataset == null ? null : dataset.name();
        Duration left = Duration.ofNanos(deadline - System.nanoTime());
        CompletableFuture<Outcome> outcome;
        if (dataset != null && dataset.problem() != null) {
            outcome = CompletableFuture.completedFuture(Outcome.of(List.of(dataset.problem()), 0));
        } else if (left.isNegative() || left.isZero()) {
            outcome = CompletableFuture.completedFuture(Outcome.of(List.of("Not run: the job timed out before it"), 0));
        } else {
            outcome = runner.kind(definition).run(place, dataset, left);
        }
        return outcome.exceptionally(this::ofDataset)
                .thenAcceptAsync(
                        came -> {
                            results.add(new DatasetResult(name, came));
                            log.line((name == null ? "" : name + ": ")
                                    + (came.ok() ? "SUCCESS" : String.join("\n", came.problems())));
                        },
                        runner.loop()::execute);
    }

    /** What goes wrong with one dataset does not keep the others from being tried. */
    private Outcome ofDataset(Throwable problem) {
        Throwable cause = problem instanceof CompletionException ? problem.getCause() : problem;
        if (cause instanceof CancellationException) {
            throw new CompletionException(cause);
        }
        return explained(cause);
    }

    // ---- the end

    /** What came of all of it, before anything is published. */
    private Outcome outcome(Throwable problem) {
        if (problem != null) {
            return explained(problem instanceof CompletionException ? problem.getCause() : problem);
        }
        List<String> problems = new ArrayList<>();
        String retry = null;
        for (DatasetResult each : results) {
            String prefix = each.name() == null ? "" : each.name() + ": ";
            each.outcome().problems().forEach(text -> problems.add(prefix + text));
            retry = retry == null ? each.outcome().retry() : retry;
        }
        return new Outcome(problems, 0, retry);
    }

    private Outcome explained(Throwable problem) {
        if (problem instanceof CancellationException) {
            return Outcome.noResult("stopped", 0);
        }
        if (log != null) {
            log.line("Something failed running the job!");
            log.line("Exception: " + problem.getMessage());
        }
        if (problem instanceof InvalidRequestException) {
            return Outcome.of(List.of("FAILURE during the job setup", "Exception: " + problem.getMessage()), 0);
        }
        boolean hostFault =
                HOST_FAULT.matcher(String.valueOf(problem.getMessage())).find();
        if (isWorking && problem instanceof IOException && !hostFault) {
            return Outcome.of(List.of("FAILURE running the job", "Exception: " + problem.getMessage()), 0);
        }
        LOG.warn("{} {} failed", request.job(), request.unique(), problem);
        return Outcome.noResult(String.valueOf(problem.getMessage()), 0);
    }

    /** Whatever the job has started is to be gone by now, also what it left in the background. */
    private CompletableFuture<Outcome> leftovers(Outcome outcome) {
        if (directories == null) {
            return CompletableFuture.completedFuture(outcome);
        }
        return runner.processes().pool().submit(() -> {
            ProcessTree.killMarked(directories.marker());
            return outcome;
        });
    }

    private CompletableFuture<Outcome> publish(Outcome outcome) {
        if (stopper.isStopped() || log == null) {
            return CompletableFuture.completedFuture(outcome);
        }
        return new Publication(runner, definition, request, directories, log, stopper)
                .publish(outcome, results, startedAt, description, step -> reports.progress(step, STEPS));
    }

    private void conclude(Outcome outcome, Throwable problem) {
        if (stopper.isStopped()) {
            LOG.info("{} ({}) was stopped: {}", request.job(), request.unique(), stopper.reason());
            if (abortWithoutResult) {
                reports.retry(stopper.reason());
            } else {
                reports.finished("ABORTED");
            }
        } else if (problem != null) {
            reports.retry(String.valueOf(problem.getMessage()));
        } else if (outcome.retry() != null) {
            reports.retry(outcome.retry());
        } else {
            LOG.info("{} ({}): {}", request.job(), request.unique(), outcome.text());
            reports.finished(outcome.text());
        }
        boolean remove = stopper.isStopped() || problem == null && outcome.ok();
        runner.processes()
                .pool()
                .submit(() -> {
                    cleanUp(remove);
                    return null;
                })
                .whenCompleteAsync(
                        (done, late) -> {
                            runner.ended(this);
                            end.complete(null);
                        },
                        runner.loop()::execute);
    }

    private void cleanUp(boolean remove) {
        if (log != null) {
            log.close();
        }
        if (directories == null) {
            return;
        }
        if (remove) {
            KeptDirectories.remove(directories.root());
            KeptDirectories.remove(directories.treeRoot());
        } else {
            KeptDirectories.remove(directories.scratch());
            KeptDirectories.ended(directories.root(), directories.treeRoot());
        }
    }
}
