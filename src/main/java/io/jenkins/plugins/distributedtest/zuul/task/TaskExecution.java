package io.jenkins.plugins.distributedtest.zuul.task;

import io.jenkins.plugins.distributedtest.files.Reason;
import io.jenkins.plugins.distributedtest.process.StartedSince;
import io.jenkins.plugins.distributedtest.zuul.ZuulBackend;
import io.jenkins.plugins.distributedtest.zuul.ZuulReporter;
import io.jenkins.plugins.distributedtest.zuul.ZuulRequest;
import io.jenkins.plugins.distributedtest.zuul.exec.ProcessContext;
import io.jenkins.plugins.distributedtest.zuul.exec.Stopper;
import io.jenkins.plugins.distributedtest.zuul.exec.TimedLog;
import io.jenkins.plugins.distributedtest.zuul.publish.LogPath;
import io.jenkins.plugins.distributedtest.zuul.publish.Publisher;
import io.jenkins.plugins.distributedtest.zuul.settings.ExecutorSettings;
import io.jenkins.plugins.distributedtest.zuul.settings.TaskDefinition;
import io.jenkins.plugins.distributedtest.zuul.source.Revision;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The execution of one configured job, from Zuul's request to its result. Its steps, each reported to Zuul as progress: set up the directories, get the
 * sources, do the work (once per dataset), gather what is to be published, publish it. However far it gets, what there
 * is of its logs is published.
 *
 * <p>What may come of it: {@code SUCCESS}; a text that says what went wrong with the change; no result, where the fault
 * is not the change's (no sources, no disk, no listener), so that Zuul tries again; {@code ABORTED} when it was
 * stopped. Whatever it is, no process of the job is left by then.
 *
 * <p>All state belongs to the backend's loop.
 */
final class TaskExecution implements ZuulBackend.Execution {
    private static final Logger LOG = LoggerFactory.getLogger(TaskExecution.class);
    private static final int STEPS = 5;

    private final TaskBackend backend;
    /** What held when it began. */
    private final ExecutorSettings settings;

    private final Publisher publisher;
    private final TaskDefinition definition;
    private final ZuulRequest request;
    private final ZuulReporter reporter;
    private final Stopper stopper = new Stopper();
    private final Instant startedAt = Instant.now();
    private final StartedSince processesSince = StartedSince.now();
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private List<DatasetResult> results = List.of();
    private TaskDirectories directories;
    private TimedLog log;
    private boolean isWorking;
    private volatile String description;
    private volatile boolean abortWithoutResult;

    TaskExecution(TaskBackend backend, TaskDefinition definition, ZuulRequest request, ZuulReporter reporter) {
        this.backend = backend;
        settings = backend.settings();
        publisher = backend.publisher();
        this.definition = definition;
        this.request = request;
        this.reporter = reporter;
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
        Executor loop = backend.loop()::execute;
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
        reporter.progress(number, STEPS);
    }

    private CompletableFuture<Void> setUp() {
        step(1);
        directories = TaskDirectories.of(request, settings.directories());
        String url = LogPath.url(settings.publish().url(), directories.logPath());
        if (url != null) {
            reporter.url(url);
        }
        return backend.processes().pool().submit(() -> {
            directories.make(request);
            log = TimedLog.open(directories.results().resolve("task_output.log"), settings.maxLog());
            log.line("Step 1: Setup environment");
            log.line(request.job() + " " + request.unique() + " for " + request.parameter("ZUUL_PROJECT") + " "
                    + request.parameter("ZUUL_CHANGE_IDS") + " " + request.parameter("ZUUL_REF"));
            return null;
        });
    }

    private CompletableFuture<Void> sources() {
        step(2);
        if (!definition.sources()) {
            return backend.processes().pool().submit(() -> {
                Files.createDirectories(directories.tree());
                return null;
            });
        }
        log.line("Step 2: Checkout updates from git");
        Revision revision = Revision.of(request, backend.sources().settings().origins(), definition.branch());
        return backend.processes()
                .pool()
                .submit(() -> TimedLog.open(directories.results().resolve("git_prep.log"), settings.maxLog()))
                .thenCompose(gitLog -> backend.sources()
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
        backend.host().begun();
        log.line("Step 3: Run " + definition.name());
        TaskEnvironment environment = TaskEnvironment.of(request, definition, settings);
        if (!environment.leftOut().isEmpty()) {
            log.line("Not put into the environment: " + String.join(", ", environment.leftOut()) + " (they are in "
                    + TaskDirectories.PARAMETERS + " in the working directory)");
        }
        WorkPerDataset work = new WorkPerDataset(context(environment), backend.kind(definition), this::explained);
        results = work.results();
        return work.start();
    }

    private TaskContext context(TaskEnvironment environment) {
        Map<String, String> marked = new TreeMap<>(environment.variables());
        marked.putAll(backend.mark());
        return new TaskContext(
                request,
                definition,
                settings,
                directories,
                new TaskEnvironment(marked, List.of()),
                new ProcessContext(directories.scratch(), directories.marker(), log, stopper),
                backend.processes());
    }

    // ---- the end

    /** What came of all of it, before anything is published. */
    private Outcome outcome(Throwable problem) {
        if (problem != null) {
            return explained(TaskFaults.cause(problem));
        }
        List<String> problems = new ArrayList<>();
        String retry = null;
        HostFault fault = null;
        for (DatasetResult each : results) {
            String prefix = each.name() == null ? "" : each.name() + ": ";
            each.outcome().problems().forEach(text -> problems.add(prefix + text));
            retry = retry == null ? each.outcome().retry() : retry;
            fault = fault == null ? each.outcome().fault() : fault;
        }
        // A failure with one dataset is the change's, whatever kept others from being tried.
        boolean failed = results.stream()
                .anyMatch(each -> !each.outcome().ok() && each.outcome().retry() == null);
        return new Outcome(problems, 0, failed ? null : retry, fault);
    }

    private Outcome explained(Throwable cause) {
        Outcome outcome = TaskFaults.outcome(cause, isWorking);
        if (cause instanceof CancellationException) {
            return outcome;
        }
        if (log != null) {
            log.line("Something failed running the job!");
            log.line("Exception: " + Reason.of(cause));
        }
        if (outcome.retry() != null) {
            TaskFaults.log(LOG, request, cause);
        }
        return outcome;
    }

    /** Ends whatever processes of the job are left, also those in the background. */
    private CompletableFuture<Outcome> leftovers(Outcome outcome) {
        if (directories == null) {
            return CompletableFuture.completedFuture(outcome);
        }
        return backend.processes().pool().submit(() -> {
            JobThread.killLeftovers(directories.marker(), definition.work(), processesSince);
            return outcome;
        });
    }

    private CompletableFuture<Outcome> publish(Outcome outcome) {
        if (stopper.isStopped() || log == null) {
            return CompletableFuture.completedFuture(outcome);
        }
        return new Publication(backend.processes(), publisher, definition, request, directories, log, stopper)
                .publish(outcome, results, startedAt, description, step -> reporter.progress(step, STEPS));
    }

    private void conclude(Outcome outcome, Throwable problem) {
        HostFault fault = outcome == null ? null : outcome.fault();
        tellHost(fault); // first: the end of this job asks for the next
        if (stopper.isStopped()) {
            LOG.info("{} ({}) was stopped: {}", request.job(), request.unique(), stopper.reason());
            if (abortWithoutResult) {
                reporter.retry(stopper.reason());
            } else {
                reporter.finished("ABORTED");
            }
        } else if (problem != null) {
            reporter.retry(Reason.of(TaskFaults.cause(problem)));
        } else if (outcome.retry() != null) {
            reporter.retry(outcome.retry());
        } else {
            LOG.info("{} ({}): {}", request.job(), request.unique(), outcome.text());
            reporter.finished(outcome.text());
        }
        backend.count(
                definition.name(),
                stopper.isStopped() ? "aborted" : problem == null ? outcome.word() : "none",
                Duration.between(startedAt, Instant.now()));
        boolean noSpace = fault != null && fault.kind() == HostFault.Kind.DISK;
        boolean remove = noSpace || stopper.isStopped() || problem == null && outcome.ok();
        backend.processes()
                .pool()
                .submit(() -> {
                    cleanUp(remove);
                    return null;
                })
                .whenCompleteAsync(
                        (done, late) -> {
                            backend.ended(this);
                            end.complete(null);
                        },
                        backend.loop()::execute);
    }

    private void tellHost(HostFault fault) {
        if (stopper.isStopped()) {
            return;
        }
        if (fault != null) {
            backend.host().failed(fault);
        } else if (isWorking) {
            backend.host().ended();
        }
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
