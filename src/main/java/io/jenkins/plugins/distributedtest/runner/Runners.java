package io.jenkins.plugins.distributedtest.runner;

import io.jenkins.plugins.distributedtest.loop.DaemonThreads;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.suite.SubProject;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The runners of one job on one listener.
 *
 * <p>Each slot has a {@link WorkerRunner}, and behind it a process per framework that its files need, which stays and
 * runs file after file. Ruby's and Python's are forked from one preloader per framework that has loaded the
 * application. A file of a sub-project runs in that project's directory; a slot serves one project at a time. All of
 * them talk to a control server on the loopback interface that lives as long as this object; when
 * that connection ends, because the listener died, they end themselves.
 *
 * <p>Any method may be called from any thread.
 */
public final class Runners implements AutoCloseable {
    /** Longer than anything takes. */
    static final Duration NO_LIMIT = Duration.ofDays(365);

    private final RunnerSettings settings;
    private final RunnerEnvironment environment;
    private final ControlServer server;
    private final ProjectRunners whole;
    private final Map<SubProject, ProjectRunners> projects = new HashMap<>();
    private final Map<Integer, SlotRunner> workers = new TreeMap<>();
    private boolean ended;

    private Runners(RunnerSettings settings, RunnerEnvironment environment) throws IOException {
        this.settings = settings;
        this.environment = environment;
        Files.createDirectories(environment.logDirectory());
        server = new ControlServer();
        whole = new ProjectRunners(settings.workspace(), settings, environment, server);
        projects.put(whole.project(), whole);
    }

    /**
     * Makes the runners of a job; processes start when their first file comes.
     *
     * @throws RunnerException if the control server cannot be opened or the log directory not be made
     */
    public static Runners open(RunnerSettings settings, RunnerEnvironment environment) throws RunnerException {
        try {
            return new Runners(settings, environment);
        } catch (IOException e) {
            throw new RunnerException(
                    "The runners cannot be set up in " + environment.logDirectory() + ": " + e, "", false);
        }
    }

    /**
     * The runners whose interpreter and framework this host has, such as {@code [command, junit, node]}. The first
     * call probes for them, at most some seconds long; later calls answer at once.
     */
    public static List<String> available() {
        return HostProbe.available();
    }

    /**
     * The bundled jars of the JUnit Platform, as files: what a test needs to be compiled against where its project
     * brings none.
     *
     * @throws RunnerException if they cannot be unpacked
     */
    public static List<Path> junitJars() throws RunnerException {
        return Bundled.jars("junit");
    }

    /**
     * Whether a Ruby runner calls {@code before_creating_workers}, {@code before_start}, {@code after_complete} and
     * {@code after_creating_workers} of the job's {@code callbacks_class_file} itself, at their place inside the
     * preloader and its workers. So it is if the job has such a file and the suite needs a Ruby runner, or may need
     * one, see {@link RunnerSettings#used}. In the latter case they are called when that runner starts with its first
     * file. In the former, {@link #beforeCreatingWorkers} calls the first of them, and a slot whose first file is not
     * Ruby's starts its Ruby worker all the same before that file, so that {@code before_start} comes before all files.
     */
    public boolean runsRubyCallbacks() {
        return whole.launcher().runsRubyCallbacks();
    }

    /**
     * Calls {@code before_creating_workers} where it is known that a Ruby runner has to, by starting the preloaders of
     * the suite's Ruby runners; elsewhere it does nothing.
     *
     * @throws RunnerException if one cannot be started, or a callback inside it fails
     * @throws InterruptedException if this thread is interrupted
     */
    public void beforeCreatingWorkers() throws RunnerException, InterruptedException {
        if (runsRubyCallbacks()) {
            prepare(whole.launcher().rubyUsed().stream().map(RunnerKind::label).toList());
        }
    }

    /**
     * Starts the workspace's preloaders of runners ahead of their first file.
     *
     * @param runners names of runners, those without a preloader being passed over; null for none ahead of time (each
     *     starts when its first file comes)
     * @throws RunnerException if one is unknown or cannot be started, or a callback inside it fails
     * @throws InterruptedException if this thread is interrupted
     */
    public void prepare(Collection<String> runners) throws RunnerException, InterruptedException {
        if (runners == null) {
            return;
        }
        for (String name : runners) {
            RunnerKind kind = RunnerKind.named(name)
                    .orElseThrow(() -> new RunnerException(
                            "There is no runner '" + name + "'. There are: " + RunnerKind.names() + ".", "", false));
            whole.prepare(kind);
        }
    }

    /** As {@link #worker(int, CaseSink)}, where the results have all their cases. */
    public WorkerRunner worker(int slot) {
        return worker(slot, CaseSink.NONE);
    }

    /**
     * The runner of a slot, made at the first call and the same afterwards.
     *
     * @param slot 1 to the number of slots
     * @param sink takes cases before the end of their file; that of the first call is the one that is used
     * @throws IllegalArgumentException if there is no such slot
     */
    public WorkerRunner worker(int slot, CaseSink sink) {
        if (slot < 1 || slot > environment.slots()) {
            throw new IllegalArgumentException("There is no slot " + slot + " of " + environment.slots());
        }
        synchronized (this) {
            SlotRunner worker =
                    workers.computeIfAbsent(slot, s -> new SlotRunner(s, this::projectOf, whole, opening(), sink));
            if (ended) {
                worker.cancel();
            }
            return worker;
        }
    }

    /** The runner whose process calls {@code before_start}, where that is known; null elsewhere. */
    private RunnerKind opening() {
        List<RunnerKind> ruby = runsRubyCallbacks() ? whole.launcher().rubyUsed() : List.of();
        return ruby.isEmpty() ? null : ruby.get(0);
    }

    private synchronized ProjectRunners projectOf(TestFile file) {
        SubProject project = settings.projectOf(file);
        return project.equals(whole.project())
                ? whole
                : projects.computeIfAbsent(project, p -> new ProjectRunners(p, settings, environment, server));
    }

    private synchronized List<PreloaderPool> pools() {
        return projects.values().stream().flatMap(each -> each.end().stream()).toList();
    }

    private synchronized List<SlotRunner> end() {
        ended = true;
        return new ArrayList<>(workers.values());
    }

    /** Kills the process trees of all workers and preloaders at once and for good. */
    public void cancel() {
        List<SlotRunner> all = end();
        all.forEach(SlotRunner::cancel);
        pools().forEach(PreloaderPool::cancel);
    }

    /**
     * Stops all for good, as {@link #cancel} does, but for processes that have a closing callback to call. A worker's
     * leave off what they do and call {@code after_complete}; the preloader calls its own when this is closed. Blocks
     * until the workers have ended.
     *
     * @param limit how long the workers may take at most; what has not ended by then is killed
     */
    public void stop(Duration limit) {
        List<SlotRunner> all = end();
        pools().forEach(PreloaderPool::stop);
        try {
            inParallel(
                    "runner-stop-",
                    all.stream().map(w -> (Runnable) () -> w.stop(limit)).toList());
        } catch (InterruptedException e) {
            cancel();
            Thread.currentThread().interrupt();
        }
    }

    /**
     * What went wrong with {@code after_creating_workers} in the preloaders: it failed, or did not come to its end in time.
     * Complete once closed.
     */
    public List<String> callbackProblems() {
        return pools().stream()
                .flatMap(pool -> pool.callbackProblems().stream())
                .toList();
    }

    /** Ends all workers, then the preloaders, in good order and within a bounded time; what is left is killed. */
    @Override
    public void close() {
        close(NO_LIMIT);
    }

    /**
     * As {@link #close()}.
     *
     * @param limit how long the preloaders may take to end, if shorter than they may otherwise
     */
    public void close(Duration limit) {
        try {
            inParallel(
                    "runner-close-",
                    end().stream().map(w -> (Runnable) w::close).toList());
            inParallel(
                    "preloader-close-",
                    pools().stream().map(p -> (Runnable) () -> p.close(limit)).toList());
        } catch (InterruptedException e) {
            cancel();
            Thread.currentThread().interrupt();
        } finally {
            server.close();
        }
    }

    private static void inParallel(String name, List<Runnable> tasks) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (Runnable each : tasks) {
            Thread thread = DaemonThreads.start(name + (threads.size() + 1), each);
            threads.add(thread);
        }
        for (Thread each : threads) {
            each.join();
        }
    }

    /**
     * The name of the runner that takes a file.
     *
     * @throws RunnerException if none does; the message names the file and how to choose a runner
     */
    public static String runnerFor(RunnerSettings settings, TestFile file) throws RunnerException {
        return RunnerChoice.of(settings, file).label();
    }
}
