package io.jenkins.plugins.distributedtest.originator;

import io.jenkins.plugins.distributedtest.suite.ListenerReport;
import io.jenkins.plugins.distributedtest.suite.WorkerId;
import io.jenkins.plugins.distributedtest.wire.NativeMessage;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** The listeners of a run: who takes part, who was heard when, who left and why. */
final class ListenerBook {
    /** Hosts of Ruby listeners are told from ids of our listeners by this. */
    static final String RUBY = "gorgon:";

    /** A larger slot number is not taken for a count of slots. */
    static final int MAX_SLOTS = 1000;
    /** So much of what a listener says of its leave is told to people, in characters. */
    private static final int MAX_PROBLEM = 32_000;

    private static final int MAX_OUTPUT = 16_000;
    /** Messages of more listeners than these are refused. */
    static final int MAX_LISTENERS = 5000;

    private final Map<String, ListenerState> listeners = new LinkedHashMap<>();
    private final OtherClusters otherClusters = new OtherClusters();
    private final Consumer<Effect> out;
    /** Since when no listener takes part; NaN while one does. */
    private double aloneSince = 0;

    ListenerBook(Consumer<Effect> out) {
        this.out = out;
    }

    /** A listener takes part; if it did before, it begins anew. */
    void preparing(double now, NativeMessage.Preparing message) {
        checkRoom(message.listener());
        ListenerState state = listeners.computeIfAbsent(
                message.listener(), id -> new ListenerState(id, message.host(), id.startsWith(RUBY)));
        state.phase = ListenerState.Phase.PREPARING;
        state.host = message.host();
        state.inbox = message.inbox();
        state.version = message.version() == null ? "" : message.version();
        state.slots = Math.min(MAX_SLOTS, Math.max(0, message.slots()));
        back(state, now);
        note(new RunEvent.ListenerPreparing(now, state.id, state.host, state.version, state.slots));
    }

    /** A listener takes files. Returns it; null if it has left and thus cannot. */
    ListenerState ready(double now, String id, double syncSeconds) {
        ListenerState state = seen(now, id, "");
        if (state == null || state.phase == ListenerState.Phase.LEFT) {
            return null;
        }
        state.phase = ListenerState.Phase.READY;
        state.syncSeconds = Double.isFinite(syncSeconds) ? Math.max(0, syncSeconds) : 0;
        state.joined = Double.isNaN(state.joined) ? now : state.joined;
        note(new RunEvent.ListenerReady(now, state.id, state.host, state.syncSeconds));
        return state;
    }

    /**
     * A listener was heard. One that was lost, or is not known (its first messages may have gone down with a broker),
     * takes part (again).
     *
     * @param host its host; empty if the message does not tell
     * @return its state, never null
     */
    ListenerState seen(double now, String id, String host) {
        checkRoom(id);
        ListenerState state = listeners.get(id);
        if (state == null) {
            state = new ListenerState(id, host.isEmpty() ? "unknown" : host, id.startsWith(RUBY));
            listeners.put(id, state);
            state.phase = ListenerState.Phase.READY;
            state.joined = now;
            back(state, now);
            note(new RunEvent.ListenerReady(now, id, state.host, 0));
        } else if (state.phase == ListenerState.Phase.LOST) {
            revive(now, state);
        }
        if (!host.isEmpty()) {
            state.host = host;
        }
        state.lastSeen = now;
        state.suspect = false;
        return state;
    }

    private void checkRoom(String id) {
        if (listeners.size() >= MAX_LISTENERS && !listeners.containsKey(id)) {
            throw new IllegalArgumentException("A message of listener " + id + ": a run has at most " + MAX_LISTENERS);
        }
    }

    /** The broker has given a file to another worker while one held it: that one's connection must have broken. */
    void movedFrom(WorkerId before, WorkerId now) {
        ListenerState state = listeners.get(before.listener());
        if (state != null && !before.listener().equals(now.listener())) {
            state.suspect = true;
        }
    }

    /** A listener that was gone is back. */
    void revive(double now, ListenerState state) {
        state.phase = ListenerState.Phase.READY;
        state.joined = Double.isNaN(state.joined) ? now : state.joined;
        back(state, now);
        note(new RunEvent.ListenerReady(now, state.id, state.host, state.syncSeconds));
    }

    /** A worker was heard: its listener has at least that many slots. */
    ListenerState seen(double now, WorkerId worker) {
        ListenerState state = seen(now, worker.listener(), worker.host());
        if (worker.slot() <= MAX_SLOTS) {
            state.slots = Math.max(state.slots, worker.slot());
        }
        return state;
    }

    /** A listener takes no further part. */
    void left(double now, ListenerState state, NativeMessage.Left.Reason reason, String problem, String output) {
        state.phase = reason == null ? ListenerState.Phase.LOST : ListenerState.Phase.LEFT;
        state.reason = reason;
        state.left = now;
        state.problem = problem == null ? "" : Received.cut(problem, MAX_PROBLEM);
        if (listeners.values().stream().noneMatch(ListenerState::isActive)) {
            aloneSince = now;
        }
        note(new RunEvent.ListenerLeft(
                now,
                state.id,
                state.host,
                reason,
                state.problem,
                output == null ? "" : Received.cut(output, MAX_OUTPUT)));
    }

    private void back(ListenerState state, double now) {
        state.left = Double.NaN;
        state.problem = "";
        state.reason = null;
        state.lastSeen = now;
        state.suspect = false;
        aloneSince = Double.NaN;
    }

    /** Whether there is a live worker other than the given ones. */
    boolean hasOthersThan(List<WorkerId> avoid) {
        List<String> keys = avoid.stream().map(FileState::key).toList();
        return listeners.values().stream().filter(ListenerState::isActive).anyMatch(l -> {
            for (int slot = 1; slot <= l.slots; slot++) {
                if (!keys.contains(l.id + "#" + slot)) {
                    return true;
                }
            }
            return false;
        });
    }

    /** Nobody could be heard (the connection was down, say): every clock starts anew, from a time that may be to come. */
    void restartClocks(double from) {
        listeners.values().forEach(l -> l.lastSeen = from);
        if (!Double.isNaN(aloneSince)) {
            aloneSince = from;
        }
    }

    /** Since when no listener takes part, in seconds from the start of the run; NaN while one does. */
    double aloneSince() {
        return aloneSince;
    }

    /** Whether there are listeners and every one of them has refused. */
    boolean allRefused() {
        return !listeners.isEmpty() && listeners.values().stream().allMatch(ListenerState::hasRefused);
    }

    /** The ids of those that take part or prepare to. */
    Set<String> active() {
        return listeners.values().stream()
                .filter(ListenerState::isActive)
                .map(each -> each.id)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Nobody takes part, and that is as it should be for now. */
    void aloneAsExpected(double now) {
        if (!Double.isNaN(aloneSince)) {
            aloneSince = now;
        }
    }

    /** Whether every one of them has refused because of what the project loads before its tests. */
    boolean allWithBrokenProject() {
        return listeners.values().stream().allMatch(ListenerState::hasBrokenProject);
    }

    boolean isEmpty() {
        return listeners.isEmpty();
    }

    /** Why each listener is gone, for people. */
    String problems() {
        return listeners.values().stream()
                .filter(l -> !l.isActive())
                .map(l -> l.name() + ": "
                        + (!l.problem.isEmpty()
                                ? l.problem
                                : l.reason == NativeMessage.Left.Reason.SHUTDOWN ? "was shut down" : "left"))
                .collect(Collectors.joining("; "));
    }

    ListenerState get(String id) {
        return listeners.get(id);
    }

    Collection<ListenerState> all() {
        return listeners.values();
    }

    void restore(ListenerState state) {
        listeners.put(state.id, state);
        if (state.isActive()) {
            aloneSince = Double.NaN;
        }
    }

    /** Who answers that is of another cluster. */
    OtherClusters otherClusters() {
        return otherClusters;
    }

    List<ListenerReport> reports() {
        return listeners.values().stream().map(ListenerState::report).toList();
    }

    private void note(RunEvent event) {
        out.accept(new Effect.Notify(event));
    }
}
