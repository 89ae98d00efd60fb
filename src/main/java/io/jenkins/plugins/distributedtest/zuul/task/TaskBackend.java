package io.jenkins.plugins.distributedtest.zuul.task;

import io.jenkins.plugins.distributedtest.loop.DaemonThreads;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.process.Watchdog;
import io.jenkins.plugins.distributedtest.zuul.Admission;
import io.jenkins.plugins.distributedtest.zuul.CapacityAdmission;
import io.jenkins.plugins.distributedtest.zuul.ExecutorIdentity;
import io.jenkins.plugins.distributedtest.zuul.ManagerName;
import io.jenkins.plugins.distributedtest.zuul.ZuulBackend;
import io.jenkins.plugins.distributedtest.zuul.ZuulReporter;
import io.jenkins.plugins.distributedtest.zuul.ZuulRequest;
import io.jenkins.plugins.distributedtest.zuul.exec.BlockingPool;
import io.jenkins.plugins.distributedtest.zuul.exec.Processes;
import io.jenkins.plugins.distributedtest.zuul.publish.Publisher;
import io.jenkins.plugins.distributedtest.zuul.settings.ExecutorSettings;
import io.jenkins.plugins.distributedtest.zuul.settings.TaskDefinition;
import io.jenkins.plugins.distributedtest.zuul.source.GitSources;
import io.jenkins.plugins.distributedtest.zuul.source.MirrorCare;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the tasks that a standalone executor is configured with, in place of turbo-hipster.
 *
 * <p>Each request becomes a {@link TaskExecution}: directories, sources, work (once per dataset), logs, result. Any number of
 * them go on at once on one event loop, with a fixed number of threads for what blocks; no thread waits for a process,
 * a lock or an upload. Every process carries a mark of its job, by which the whole tree is found and killed when Zuul
 * stops the job, and one of this program, by which a {@link Watchdog} kills what is left should this program be killed.
 */
public final class TaskBackend implements ZuulBackend, AutoCloseable {
    /** Marks what a job runs on its executor's host for the project: what chooses the suite, and callbacks. */
    static final String JOB_MARK = "DISTRIBUTED_TEST_JOB";

    /** Marks the processes of all jobs of one executor. */
    public static final String EXECUTOR_MARK = "DISTRIBUTED_TEST_EXECUTOR";

    private static final Logger LOG = LoggerFactory.getLogger(TaskBackend.class);
    private static final int THREADS = 8;
    /** So many jobs that are over may still hold a thread. */
    private static final int SPARE = 8;

    private static final Duration SWEEP = Duration.ofMinutes(5);
    private static final Duration ABORT_LIMIT = Duration.ofSeconds(10);

    private volatile ExecutorSettings settings;
    private final Runnable shutdown;
    private final MeterRegistry meters;
    private final String mark = UUID.randomUUID().toString();
    private final EventLoop loop = new EventLoop("zuul-tasks");
    private final BlockingPool pool = new BlockingPool("zuul-blocking", THREADS);
    /** For the sync and callbacks of distributed runs, which may block for long; none where there are none. */
    private final ThreadPoolExecutor longThreads;

    private final Processes processes = new Processes(loop, pool);
    private final GitSources sources;
    private final MirrorCare mirrors;
    private volatile Publisher publisher;
    private final Watchdog watchdog;
    private final HostWatch host;
    private final JobBook book = new JobBook();
    /** Null until it is asked for; by the one thread that makes and closes this. */
    private ManagerName manager;

    private volatile Map<String, TaskDefinition> tasks;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Set<TaskExecution> running = new LinkedHashSet<>(); // belongs to the loop

    /**
     * Makes a backend.
     *
     * @param settings all settings
     * @param meters receives the metrics
     * @param shutdown called when a job was taken after which this executor is to end: it should take no further one.
     *     Called from {@link #begin}
     */
    public TaskBackend(ExecutorSettings settings, MeterRegistry meters, Runnable shutdown) {
        this.settings = settings;
        this.shutdown = shutdown;
        this.meters = meters;
        longThreads = DaemonThreads.immediatePool("zuul-distributed", settings.capacity() + SPARE);
        sources = new GitSources(processes, settings.sources(), mark());
        mirrors = new MirrorCare(sources);
        publisher = Publisher.of(settings.publish(), processes);
        watchdog = Watchdog.start(EXECUTOR_MARK, mark);
        tasks = byName(settings);
        ExecutorSettings.Directories directories = settings.directories();
        KeptDirectories kept =
                new KeptDirectories(List.of(directories.jobs(), directories.trees()), settings.keepFailed());
        HostProbe probe = new HostProbe(
                List.of(directories.jobs(), directories.trees(), directories.kept()),
                settings.minFree(),
                settings.minMemory(),
                kept);
        host = new HostWatch(loop, pool, probe, meters);
        pool.execute(kept::sweep);
        loop.every(SWEEP, () -> pool.execute(kept::sweep));
        loop.every(SWEEP, this::careForMirrors);
    }

    private static Map<String, TaskDefinition> byName(ExecutorSettings settings) {
        Map<String, TaskDefinition> all = new HashMap<>();
        settings.tasks().forEach(task -> task.names().forEach(name -> all.put(name, task)));
        return Map.copyOf(all);
    }

    /**
     * Takes other settings, for jobs that begin from now on. The caller tells its servers the {@link #names}.
     *
     * @param next what was read
     * @return the keys of what is different and takes effect at a start only
     */
    public List<String> reload(ExecutorSettings next) {
        List<String> late = settings.needingRestart(next);
        ExecutorSettings reloaded = settings.reloaded(next);
        longThreads.setMaximumPoolSize(reloaded.capacity() + SPARE);
        publisher = Publisher.of(reloaded.publish(), processes);
        tasks = byName(reloaded);
        settings = reloaded;
        return late;
    }

    /** Packs and removes mirrors, while no job runs; a job that begins ends it. */
    void careForMirrors() {
        if (running.isEmpty()) {
            mirrors.begin(settings.directories().kept());
        }
    }

    /** The jobs to serve, as Zuul asks for them. */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        settings.tasks().forEach(task -> names.addAll(task.names()));
        return names;
    }

    @Override
    public Execution begin(ZuulRequest request, ZuulReporter reporter) {
        TaskDefinition task = find(request);
        TaskExecution execution = new TaskExecution(this, task, request, book.begun(request, reporter));
        LOG.info("{} ({}) begins", request.job(), request.unique());
        loop.execute(() -> {
            running.add(execution);
            mirrors.stop("a job begins");
            execution.begin();
        });
        if (task.shutdownAfter()) {
            LOG.info("No job is taken after {}: it is configured to be the last one", request.job());
            shutdown.run();
        }
        return execution;
    }

    private TaskDefinition find(ZuulRequest request) {
        TaskDefinition labelled = tasks.get(request.job() + ":" + request.label());
        TaskDefinition task = labelled == null ? tasks.get(request.job()) : labelled;
        if (task == null) {
            throw new IllegalStateException("There is no job " + request.job());
        }
        return task;
    }

    /** Who this executor is: its manager's name is that of its predecessor in the same directory, if that has ended. */
    public ExecutorIdentity identity(String version) {
        ExecutorIdentity here = ExecutorIdentity.here("distributed-test", version);
        if (manager == null) {
            manager = ManagerName.take(settings.directories().kept().resolve("managers"), here.host());
        }
        return here.managedBy(manager.text());
    }

    /** Admits no job while this host is not fit for one, and else what its settings say. */
    public Admission admission() {
        return host.admitting(new CapacityAdmission(() -> settings.capacity()));
    }

    /** Sets what is told whenever this host has become fit for jobs, or unfit. */
    public void onChange(Runnable listener) {
        host.onChange(listener);
    }

    /** What its jobs are and were; any thread may ask. */
    public JobBook book() {
        return book;
    }

    /** Whether this host is fit for jobs; any thread may ask. */
    public HostState hostState() {
        return host.state();
    }

    // ---- for jobs

    /** Counts the end of a job. */
    void count(String job, String result, Duration took) {
        meters.timer("distributed_test.gearman.jobs.ended", "job", job, "result", result)
                .record(took);
    }

    HostWatch host() {
        return host;
    }

    void ended(TaskExecution execution) {
        running.remove(execution);
    }

    ExecutorSettings settings() {
        return settings;
    }

    EventLoop loop() {
        return loop;
    }

    Processes processes() {
        return processes;
    }

    GitSources sources() {
        return sources;
    }

    Publisher publisher() {
        return publisher;
    }

    Map<String, String> mark() {
        return Map.of(EXECUTOR_MARK, mark);
    }

    TaskKind kind(TaskDefinition task) {
        return task.work() instanceof TaskDefinition.Distributed ? new DistributedTask(longThreads) : new ShellTask();
    }

    // ---- ending

    /**
     * Stops every job, with its processes. Each ends without a result, so that Zuul starts it anew elsewhere.
     *
     * @return completes when all of them have ended
     */
    public CompletableFuture<Void> abort() {
        return loop.submit(() -> {
                    List<CompletableFuture<Void>> ends = new ArrayList<>();
                    for (TaskExecution execution : List.copyOf(running)) {
                        ends.add(execution.abort("this executor is being stopped"));
                    }
                    return CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new));
                })
                .thenCompose(ends -> ends);
    }

    /** Aborts what still runs, waits for its end for a limited time, and releases everything. Harmless when repeated. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            abort().get(ABORT_LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("Jobs did not end in time", e);
        }
        longThreads.shutdownNow();
        loop.close();
        pool.close();
        processes.close();
        watchdog.close();
        if (manager != null) {
            manager.close();
        }
    }
}
