package io.jenkins.plugins.distributedtest.runner;

import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.suite.SubProject;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The runners of one project in the workspace: the launcher that works in its directory with its settings, and a
 * preloader per framework that forks. Preloaders of a sub-project end when its last slot leaves it, since a tree may
 * have more projects than a host has memory for; those of the workspace itself stay, as they may have called the
 * callbacks that come once.
 */
final class ProjectRunners {
    private final SubProject project;
    private final RunnerSettings settings;
    private final RunnerLauncher launcher;
    private final Set<Integer> inside = new HashSet<>();
    private Map<RunnerKind, PreloaderPool> pools;
    private boolean ended;

    /**
     * @param project which project
     * @param settings the suite's settings
     * @param environment the workspace's
     */
    ProjectRunners(SubProject project, RunnerSettings settings, RunnerEnvironment environment, ControlServer server) {
        this.project = project;
        this.settings = settings.under(project.settings());
        launcher = new RunnerLauncher(this.settings, within(environment, project), server, environment.workspace());
        pools = pools();
    }

    private static RunnerEnvironment within(RunnerEnvironment whole, SubProject project) {
        Map<String, String> variables = new HashMap<>(whole.environment());
        String workspace = whole.workspace().toString();
        project.environment()
                .forEach((name, value) -> variables.put(name, value.replace(SubProject.WORKSPACE, workspace)));
        if (project.directory().isEmpty()) {
            return whole.with(whole.workspace(), whole.logDirectory(), variables, whole.rubyCallbacksFile());
        }
        Path logs = whole.logDirectory()
                .resolve("projects")
                .resolve(project.directory().replace("_", "__").replace('/', '_'));
        return whole.with(whole.workspace().resolve(project.directory()), logs, variables, null);
    }

    private Map<RunnerKind, PreloaderPool> pools() {
        Map<RunnerKind, PreloaderPool> made = new EnumMap<>(RunnerKind.class);
        for (RunnerKind kind : RunnerKind.values()) {
            if (kind.forks()) {
                made.put(kind, new PreloaderPool(launcher, kind));
            }
        }
        return made;
    }

    SubProject project() {
        return project;
    }

    RunnerLauncher launcher() {
        return launcher;
    }

    /** The runner of one of its files. */
    RunnerKind kindOf(TestFile file) throws RunnerException {
        return RunnerChoice.of(settings, project, file);
    }

    /** Whether one of its files may have to wait for others on this host; not if no runner takes it, or it is not there. */
    boolean hasTurns(TestFile file) {
        try {
            return has(file) && kindOf(file) == RunnerKind.PLAYWRIGHT;
        } catch (RunnerException e) {
            return false; // which is told when it is run
        }
    }

    /** Whether one of its files is there. */
    boolean has(TestFile file) {
        return Files.isRegularFile(
                launcher.environment().workspace().resolve(project.below(file).path()));
    }

    /** Starts the preloader of a kind, if it has one. */
    void prepare(RunnerKind kind) throws RunnerException, InterruptedException {
        PreloaderPool pool = pool(kind);
        if (pool != null) {
            pool.get();
        }
    }

    private synchronized PreloaderPool pool(RunnerKind kind) {
        return pools.get(kind);
    }

    /** A slot begins to run its files. */
    synchronized void enter(int slot) {
        inside.add(slot);
    }

    /** A slot's processes of this project have ended, and it goes on elsewhere. */
    void leave(int slot) {
        Map<RunnerKind, PreloaderPool> idle;
        synchronized (this) {
            inside.remove(slot);
            if (!inside.isEmpty() || project.directory().isEmpty() || ended) {
                return;
            }
            idle = pools;
            pools = pools();
        }
        idle.values().forEach(pool -> pool.close(Runners.NO_LIMIT));
    }

    FileRunner fileRunner(RunnerKind kind, int slot, CaseSink sink) {
        if (kind == RunnerKind.COMMAND) {
            return new CommandRunner(settings, launcher, slot, sink);
        }
        if (kind == RunnerKind.GO) {
            return new GoRunner(settings, launcher, slot, sink);
        }
        WorkerStarter starter = kind.forks()
                ? started -> pool(kind).fork(slot, started)
                : started -> launcher.startWorker(kind, slot, started);
        // Node starts the process of each file itself.
        boolean perFile = launcher.isProcessPerFile(kind);
        PersistentRunner runner = new PersistentRunner(kind, starter, launcher.quitTimeout(), perFile, sink);
        return kind == RunnerKind.PLAYWRIGHT ? new TurnRunner(runner) : runner;
    }

    /** Its preloaders, and no more will come. */
    synchronized List<PreloaderPool> end() {
        ended = true;
        return List.copyOf(pools.values());
    }
}
