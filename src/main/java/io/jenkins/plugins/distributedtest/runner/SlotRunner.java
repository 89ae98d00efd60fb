package io.jenkins.plugins.distributedtest.runner;

import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The runners of one slot, each made when its first file comes. They are those of one project at a time: when a file of
 * another project comes, the processes of the one before end first.
 */
final class SlotRunner implements WorkerRunner {
    private final int slot;
    private final Function<TestFile, ProjectRunners> projects;
    private final ProjectRunners whole;
    private final Map<ProjectRunners, Map<RunnerKind, FileRunner>> runners = new HashMap<>();
    private final RunnerKind opening;
    private final CaseSink sink;
    private final List<String> problems = new ArrayList<>();
    private ProjectRunners current; // the slot's thread's
    private boolean opened; // the slot's thread's
    private boolean cancelled;

    /**
     * @param slot its number
     * @param projects the project of a file
     * @param whole the workspace's own
     * @param opening the workspace's runner whose process is started before the first file, whatever that is; null for
     *     none
     * @param sink takes cases before the end of their file
     */
    SlotRunner(
            int slot,
            Function<TestFile, ProjectRunners> projects,
            ProjectRunners whole,
            RunnerKind opening,
            CaseSink sink) {
        this.sink = sink;
        this.slot = slot;
        this.projects = projects;
        this.whole = whole;
        this.opening = opening;
    }

    @Override
    public void awaitTurn(TestFile file) throws RunnerException, InterruptedException {
        ProjectRunners project = projects.apply(file);
        if (!project.hasTurns(file)) {
            return;
        }
        open(project, RunnerKind.PLAYWRIGHT);
        enter(project);
        FileRunner runner = runner(project, RunnerKind.PLAYWRIGHT);
        if (runner != null) {
            runner.awaitTurn();
        }
    }

    @Override
    public FileResult run(TestFile file, Duration timeout) throws RunnerException, InterruptedException {
        return run(file, timeout, false);
    }

    @Override
    public FileResult runAgain(TestFile file, Duration timeout) throws RunnerException, InterruptedException {
        return run(file, timeout, true);
    }

    private FileResult run(TestFile file, Duration timeout, boolean again)
            throws RunnerException, InterruptedException {
        ProjectRunners project = projects.apply(file);
        RunnerKind kind;
        try {
            kind = project.kindOf(file);
        } catch (RunnerException e) {
            return withoutRun(file, "", FileStatus.FAILED, e.getMessage()); // the file's fault, not this host's
        }
        if (!project.has(file)) {
            return withoutRun(file, kind.label(), FileStatus.FAILED, "There is no file " + file + " in the workspace.");
        }
        open(project, kind);
        enter(project);
        FileRunner runner = runner(project, kind);
        if (runner == null) {
            return withoutRun(file, kind.label(), FileStatus.CANCELLED, "");
        }
        if (again) {
            runner.renew();
        }
        return runner.run(project.project().below(file), timeout).of(file);
    }

    private void open(ProjectRunners first, RunnerKind kind) throws RunnerException, InterruptedException {
        if (opening == null || opened) {
            return;
        }
        enter(whole);
        FileRunner runner = first == whole && kind.isRuby() ? null : runner(whole, opening);
        if (runner != null) {
            runner.start();
        }
        opened = true;
    }

    private void enter(ProjectRunners next) throws InterruptedException {
        if (current == next) {
            return;
        }
        // The workspace's own stay where they have closing callbacks to call.
        if (current != null && !(current == whole && opening != null)) {
            closeAll(of(current));
            forget(current);
            current.leave(slot);
        }
        next.enter(slot);
        current = next;
    }

    private static FileResult withoutRun(TestFile file, String runner, FileStatus status, String message) {
        return FileResult.of(file, status, 0).withMessage(message).by(runner);
    }

    /** Null once cancelled. */
    private synchronized FileRunner runner(ProjectRunners project, RunnerKind kind) {
        return cancelled
                ? null
                : runners.computeIfAbsent(project, p -> new EnumMap<>(RunnerKind.class))
                        .computeIfAbsent(kind, k -> project.fileRunner(k, slot, sink));
    }

    private synchronized List<FileRunner> of(ProjectRunners project) {
        return List.copyOf(runners.getOrDefault(project, Map.of()).values());
    }

    private synchronized void forget(ProjectRunners project) {
        runners.remove(project);
    }

    /** All there are, and no more will be made. */
    private synchronized List<FileRunner> end() {
        cancelled = true;
        return runners.values().stream().flatMap(each -> each.values().stream()).toList();
    }

    @Override
    public void cancel() {
        end().forEach(FileRunner::cancel);
    }

    @Override
    public void stop(Duration limit) {
        end().forEach(each -> each.stop(limit));
    }

    @Override
    public synchronized List<String> callbackProblems() {
        return runners.values().stream()
                .flatMap(each -> each.values().stream())
                .flatMap(each -> each.callbackProblems().stream())
                .toList();
    }

    @Override
    public void close() {
        try {
            closeAll(end());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void note(String problem) {
        if (!problem.isEmpty()) {
            problems.add(problem);
        }
    }

    @Override
    public synchronized List<String> problems() {
        return List.copyOf(problems);
    }

    /** Ends them in good order; those that are left when this thread is interrupted at once. */
    private void closeAll(List<FileRunner> all) throws InterruptedException {
        InterruptedException interrupted = null;
        for (FileRunner each : all) {
            try {
                if (interrupted == null) {
                    note(each.close());
                } else {
                    each.cancel();
                }
            } catch (InterruptedException e) {
                interrupted = e;
                each.cancel();
            }
        }
        if (interrupted != null) {
            throw interrupted;
        }
    }
}
