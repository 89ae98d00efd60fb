package io.jenkins.plugins.distributedtest.runner;

import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The runners of one slot, each made when its first file comes. */
final class SlotRunner implements WorkerRunner {
    private final RunnerSettings settings;
    private final Path workspace;
    private final Function<RunnerKind, FileRunner> maker;
    private final Map<RunnerKind, FileRunner> runners = new EnumMap<>(RunnerKind.class);
    private final RunnerKind opening;
    private boolean opened; // the slot's thread's
    private boolean cancelled;

    /**
     * @param settings which runner takes which file
     * @param workspace where the files are
     * @param maker makes the runner of a kind
     * @param opening the runner whose process is started before the first file, whatever that is; null for none
     */
    SlotRunner(RunnerSettings settings, Path workspace, Function<RunnerKind, FileRunner> maker, RunnerKind opening) {
        this.opening = opening;
        this.settings = settings;
        this.workspace = workspace;
        this.maker = maker;
    }

    @Override
    public FileResult run(TestFile file, Duration timeout) throws RunnerException, InterruptedException {
        RunnerKind kind;
        try {
            kind = RunnerChoice.of(settings, file);
        } catch (RunnerException e) {
            return withoutRun(file, "", FileStatus.FAILED, e.getMessage()); // the file's fault, not this host's
        }
        if (!Files.isRegularFile(workspace.resolve(file.path()))) {
            return withoutRun(file, kind.label(), FileStatus.FAILED, "There is no file " + file + " in the workspace.");
        }
        open(kind);
        FileRunner runner = runner(kind);
        if (runner == null) {
            return withoutRun(file, kind.label(), FileStatus.CANCELLED, "");
        }
        return runner.run(file, timeout);
    }

    private void open(RunnerKind first) throws RunnerException, InterruptedException {
        if (opening == null || opened) {
            return;
        }
        FileRunner runner = first.isRuby() ? null : runner(opening);
        if (runner != null) {
            runner.start();
        }
        opened = true;
    }

    private static FileResult withoutRun(TestFile file, String runner, FileStatus status, String message) {
        return FileResult.of(file, status, 0).withMessage(message).by(runner);
    }

    /** Null once cancelled. */
    private synchronized FileRunner runner(RunnerKind kind) {
        return cancelled ? null : runners.computeIfAbsent(kind, maker);
    }

    @Override
    public void cancel() {
        List<FileRunner> all;
        synchronized (this) {
            cancelled = true;
            all = List.copyOf(runners.values());
        }
        all.forEach(FileRunner::cancel);
    }

    @Override
    public void close() {
        List<FileRunner> all;
        synchronized (this) {
            cancelled = true;
            all = List.copyOf(runners.values());
            runners.clear();
        }
        boolean interrupted = false;
        for (FileRunner each : all) {
            try {
                if (interrupted) {
                    each.cancel();
                } else {
                    each.close();
                }
            } catch (InterruptedException e) {
                interrupted = true;
                each.cancel();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
