package io.jenkins.plugins.distributedtest.originator;

import io.jenkins.plugins.distributedtest.suite.Attempt;
import io.jenkins.plugins.distributedtest.suite.FileReport;
import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import io.jenkins.plugins.distributedtest.suite.WorkerId;
import io.jenkins.plugins.distributedtest.wire.NativeMessage;
import io.jenkins.plugins.distributedtest.wire.NativeMessage.FileJob;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The files of a run and their leases.
 *
 * <p>A file is queued under lease n, then running on a worker under lease n, then done; publishing it again makes lease
 * n+1. Only the worker that holds a file under its present lease can end it: everything else is refused, so no file is
 * counted twice. Whatever takes a running file from its worker publishes it again, so none is lost. A start under the
 * present lease by another worker moves the lease (the broker has delivered the message again because the first
 * worker's connection broke).
 */
final class LeaseBook {
    /** More losses than these through no fault of the file count as crashes after all, so that every run ends. */
    private static final int MAX_INTERRUPTIONS = 10;

    /** A path that is not in the suite may have any length. */
    private static final int MAX_PATH = 4096;

    private final RunRules rules;
    private final Map<String, FileState> files = new LinkedHashMap<>();
    private final Map<String, FileState> running = new LinkedHashMap<>();
    private final Consumer<Effect> out;
    private final Predicate<List<WorkerId>> othersThan;
    private final Turns turns;

    private int done;
    private int bad;
    private int retriesSpent;

    /**
     * @param rules the rules
     * @param ordered the suite, slowest first
     * @param expected recorded runtimes in seconds
     * @param othersThan whether a live worker other than the given ones exists
     * @param out takes the effects
     */
    LeaseBook(
            RunRules rules,
            List<TestFile> ordered,
            Map<TestFile, Double> expected,
            Predicate<List<WorkerId>> othersThan,
            Consumer<Effect> out) {
        this.rules = rules;
        this.out = out;
        this.othersThan = othersThan;
        for (TestFile file : ordered) {
            FileState state = new FileState(file, expected.getOrDefault(file, 0.0));
            if (files.put(file.path(), state) != null) {
                throw new IllegalArgumentException("The suite has this file twice: " + file);
            }
        }
        turns = new Turns(rules.groups().of(ordered), files.values());
    }

    /** Publishes every queued file whose turn it is, in the suite's order, under a new lease. Returns how many there were. */
    int publishQueued() {
        int count = 0;
        for (FileState state : files.values()) {
            if (state.phase == FileState.Phase.QUEUED && turns.take(state)) {
                publish(state);
                count++;
            }
        }
        return count;
    }

    /** The lease under which a file is now; 0 for a file that is not in the suite. */
    int lease(String path) {
        FileState state = files.get(path);
        return state == null ? 0 : state.lease;
    }

    /** A worker says that it begins a file. */
    void start(double now, WorkerId worker, String path, int lease) {
        FileState state = files.get(path);
        if (state == null || state.phase == FileState.Phase.DONE || state.lease != lease) {
            refuse(now, path, worker, lease, "start");
            return;
        }
        if (state.isHeldBy(worker)) {
            return;
        }
        if (state.phase == FileState.Phase.RUNNING) {
            state.formerHolders.add(FileState.key(state.holder));
            note(new RunEvent.LeaseLost(now, state.file, state.holder, lease, "delivered again to " + worker));
        }
        hold(state, worker, now);
        note(new RunEvent.FileStarted(now, state.file, worker, lease));
    }

    /** A worker that is not to run files has taken one: it goes back at once. */
    void startRefused(double now, WorkerId worker, String path, int lease) {
        refuse(now, path, worker, lease, "start");
        FileState state = files.get(path);
        if (state != null && state.phase == FileState.Phase.QUEUED && state.lease == lease) {
            publish(state);
        }
    }

    /**
     * A worker tells of cases of the file that it runs.
     *
     * @param longest how long they can have taken, in seconds
     */
    void cases(double now, NativeMessage.Cases told, double longest) {
        FileState state = files.get(told.file());
        boolean startLost = state != null && state.phase == FileState.Phase.QUEUED;
        if (state == null || state.lease != told.lease() || !state.isHeldBy(told.worker()) && !startLost) {
            refuse(now, told.file(), told.worker(), told.lease(), "cases");
            return;
        } else if (startLost) {
            hold(state, told.worker(), now);
        }
        state.told.add(told.from(), Received.checked(told.cases(), longest));
    }

    /**
     * A worker says what came of a file.
     *
     * @param casesBefore how many cases it has told of before. If they are not all here, the broker has lost some, and the
     *     file is run again: a result without them would not be the file's.
     */
    void finish(double now, WorkerId worker, int lease, FileResult result, int casesBefore) {
        String path = result.file().path();
        FileState state = files.get(path);
        boolean held = state != null && state.isHeldBy(worker);
        boolean startLost = state != null && state.phase == FileState.Phase.QUEUED;
        if (state == null || state.lease != lease || !held && !startLost) {
            refuse(now, path, worker, lease, "finish");
            return;
        }
        if (startLost) {
            hold(state, worker, Math.max(0, now - result.seconds()));
        }
        if (result.status() == FileStatus.CANCELLED) {
            lost(now, state, "cancelled by the listener", false);
            return;
        }
        if (!state.told.areAll(casesBefore)) {
            lost(now, state, "the broker has lost a part of its result", false);
            return;
        }
        FileResult whole = casesBefore == 0 ? result : result.withCases(state.told.and(result.cases()));
        settle(now, state, state.withoutMissingTests(whole), result.status() == FileStatus.CRASHED);
    }

    /**
     * A running file is taken from its worker.
     *
     * @param counts whether it may have been the file that took the worker down
     */
    void lost(double now, FileState state, String reason, boolean counts) {
        note(new RunEvent.LeaseLost(now, state.file, state.holder, state.lease, reason));
        if (!counts && ++state.interruptions <= MAX_INTERRUPTIONS) {
            release(state);
            publish(state);
            return;
        }
        FileResult result = FileResult.of(state.file, FileStatus.LOST, Math.max(0, now - state.since))
                .withMessage("Lost with its worker " + state.holder + ": " + reason);
        settle(now, state, result, true);
    }

    /** Every file that a listener runs is taken from it. */
    void loseAll(double now, String listener, String reason, boolean counts) {
        for (FileState file : running()) {
            if (file.holder.listener().equals(listener)) {
                lost(now, file, reason, counts);
            }
        }
    }

    /** An attempt is over and counts: the file is done or published again. */
    private void settle(double now, FileState state, FileResult result, boolean crash) {
        WorkerId worker = state.holder;
        FileResult told = result;
        boolean again;
        String why;
        if (crash) {
            state.crashes++;
            again = state.crashes < RunRules.CRASHES;
            why = "it took down " + worker;
            told = again ? result : CrashStory.tell(result, worker, state.attempts);
        } else {
            again = result.status().isBad() && state.retries < rules.retries() && retriesSpent < rules.retryBudget();
            why = "retry " + (state.retries + 1) + " of " + rules.retries();
            if (again) {
                state.retries++;
                retriesSpent++;
            }
        }
        Attempt attempt = new Attempt(told, worker, state.lease, state.since);
        state.attempts.add(attempt);
        state.avoid.remove(worker);
        state.avoid.add(worker);
        release(state);
        note(new RunEvent.FileFinished(now, attempt, !again));
        if (again) {
            publish(state);
            note(new RunEvent.FileRetried(now, state.file, state.lease, why));
        } else {
            state.phase = FileState.Phase.DONE;
            done++;
            bad += counts(told) ? 1 : 0;
            FileState next = turns.next(state);
            if (next != null) {
                publish(next);
            }
        }
    }

    private boolean counts(FileResult result) {
        return result.status().isBad() && !rules.quarantine().covers(result);
    }

    private void publish(FileState state) {
        state.lease++;
        FileJob job = state.job(rules.fileTimeout(), othersThan.test(state.avoid));
        out.accept(new Effect.Publish(job, turns.isGrouped(state)));
    }

    private void hold(FileState state, WorkerId worker, double since) {
        state.phase = FileState.Phase.RUNNING;
        state.told.forget();
        state.holder = worker;
        state.since = since;
        running.put(state.file.path(), state);
    }

    private void release(FileState state) {
        running.remove(state.file.path());
        state.told.forget();
        state.formerHolders.add(FileState.key(state.holder));
        state.holder = null;
        state.phase = FileState.Phase.QUEUED;
    }

    private void refuse(double now, String path, WorkerId worker, int lease, String what) {
        note(new RunEvent.StaleRefused(now, Received.cut(path, MAX_PATH), worker, lease, what));
    }

    private void note(RunEvent event) {
        out.accept(new Effect.Notify(event));
    }

    /** The files that are running, as they stand now. */
    List<FileState> running() {
        return new ArrayList<>(running.values());
    }

    FileState get(String path) {
        return files.get(path);
    }

    Collection<FileState> all() {
        return files.values();
    }

    int size() {
        return files.size();
    }

    int done() {
        return done;
    }

    int bad() {
        return bad;
    }

    int retriesSpent() {
        return retriesSpent;
    }

    int queued() {
        return files.size() - done - running.size();
    }

    /** What there is to do for workers at this moment: files that wait for their turn are not. */
    RunLoad load(Set<String> listeners) {
        return RunLoad.of(
                files.values().stream().filter(file -> !turns.waits(file)).toList(), listeners);
    }

    /** Takes up saved files: recounts what is derived from them. */
    void restored(int spent) {
        retriesSpent = spent;
        done = 0;
        bad = 0;
        running.clear();
        turns.restored();
        for (FileState state : files.values()) {
            if (state.phase == FileState.Phase.RUNNING) {
                running.put(state.file.path(), state);
            } else if (state.phase == FileState.Phase.DONE) {
                done++;
                bad += counts(state.attempts.get(state.attempts.size() - 1).result()) ? 1 : 0;
            }
        }
    }

    /**
     * The report of every file.
     *
     * @param endedAt when the run ended, so that files that still ran are shown as cancelled; NaN while it goes on
     */
    List<FileReport> reports(double endedAt) {
        return files.values().stream().map(state -> state.report(endedAt)).toList();
    }
}
