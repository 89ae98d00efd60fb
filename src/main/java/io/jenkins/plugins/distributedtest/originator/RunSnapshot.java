package io.jenkins.plugins.distributedtest.originator;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.jenkins.plugins.distributedtest.files.Json;
import io.jenkins.plugins.distributedtest.suite.Attempt;
import io.jenkins.plugins.distributedtest.suite.TestCase;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import io.jenkins.plugins.distributedtest.suite.WorkerId;
import io.jenkins.plugins.distributedtest.wire.NativeMessage;
import io.jenkins.plugins.distributedtest.wire.WireCodec;
import io.jenkins.plugins.distributedtest.wire.WireException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A run on paper: all that {@link DistributedRun#resume} needs to take it up again in another process, while its
 * listeners go on. What happened after it was taken is learnt from the reply queue and from heartbeats.
 *
 * @param runId the run's id
 * @param startedAtMillis when it started, in milliseconds since 1970
 * @param retriesSpent how much of the budget of retries is spent
 * @param files the files in the suite's order
 * @param listeners the listeners
 */
public record RunSnapshot(
        String runId, long startedAtMillis, int retriesSpent, List<SavedFile> files, List<SavedListener> listeners) {

    /**
     * One file.
     *
     * @param path its path
     * @param expectedSeconds recorded runtime; 0 if unknown
     * @param phase {@code QUEUED}, {@code RUNNING} or {@code DONE}
     * @param lease its lease
     * @param holder who runs it; null unless running
     * @param since when the holder started, in seconds from the start of the run
     * @param attempts its attempts
     * @param crashes how many workers it has taken down
     * @param retries how many retries it has had
     * @param interruptions how often it was lost through no fault of its own
     * @param avoid workers that it failed on
     * @param formerHolders workers that had it and lost it
     * @param told cases that the holder has told of; null in a snapshot of an earlier version
     */
    public record SavedFile(
            String path,
            double expectedSeconds,
            String phase,
            int lease,
            WorkerId holder,
            double since,
            List<Attempt> attempts,
            int crashes,
            int retries,
            int interruptions,
            List<WorkerId> avoid,
            List<String> formerHolders,
            List<TestCase> told) {}

    /**
     * One listener.
     *
     * @param listener its id
     * @param ruby whether it is a Ruby one
     * @param host its host
     * @param inbox its queue; null if unknown
     * @param version its version
     * @param slots its slots
     * @param phase {@code PREPARING}, {@code READY}, {@code LOST} or {@code LEFT}
     * @param joined when it became ready; null if it never was
     * @param left when it left; null while it takes part
     * @param syncSeconds how long its sync took
     * @param problem what went wrong
     * @param reason why it left; null unless it said so
     */
    public record SavedListener(
            String listener,
            boolean ruby,
            String host,
            String inbox,
            String version,
            int slots,
            String phase,
            Double joined,
            Double left,
            double syncSeconds,
            String problem,
            NativeMessage.Left.Reason reason) {}

    /** Copies the lists. */
    public RunSnapshot {
        files = List.copyOf(files);
        listeners = List.copyOf(listeners);
    }

    /** The snapshot as JSON in UTF-8. */
    public byte[] toJson() {
        try {
            return Json.PLAIN.writeValueAsString(WireCodec.tree(this)).getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * A snapshot from its JSON.
     *
     * @throws WireException if it is not one
     */
    public static RunSnapshot fromJson(byte[] json) throws WireException {
        try {
            return WireCodec.fromTree(Json.PLAIN.readTree(json), RunSnapshot.class);
        } catch (WireException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new WireException("Not a snapshot of a run: " + e.getMessage(), e);
        }
    }

    /** A run on paper. */
    static RunSnapshot of(RunState state, String runId, long startedAtMillis) {
        return new RunSnapshot(
                runId,
                startedAtMillis,
                state.leases().retriesSpent(),
                state.leases().all().stream().map(RunSnapshot::save).toList(),
                state.listeners().all().stream().map(RunSnapshot::save).toList());
    }

    /**
     * The run, published already, its connection lost just now.
     *
     * @param rules the rules
     * @param now seconds from the start of the run, which may be long ago
     */
    RunState restore(RunRules rules, double now) {
        List<TestFile> suite =
                files.stream().map(saved -> new TestFile(saved.path())).toList();
        Map<TestFile, Double> expected = new HashMap<>();
        files.forEach(saved -> expected.put(new TestFile(saved.path()), saved.expectedSeconds()));
        RunState state = new RunState(rules, suite, expected);
        files.forEach(saved -> load(saved, state.leases().get(saved.path())));
        state.leases().restored(retriesSpent);
        listeners.forEach(saved -> state.listeners().restore(load(saved, now)));
        state.restored(now);
        return state;
    }

    private static SavedFile save(FileState state) {
        return new SavedFile(
                state.file.path(),
                state.expected,
                state.phase.name(),
                state.lease,
                state.holder,
                state.since,
                List.copyOf(state.attempts),
                state.crashes,
                state.retries,
                state.interruptions,
                List.copyOf(state.avoid),
                List.copyOf(state.formerHolders),
                state.told.and(List.of()));
    }

    private static void load(SavedFile saved, FileState state) {
        state.phase = FileState.Phase.valueOf(saved.phase());
        state.lease = saved.lease();
        state.holder = saved.holder();
        state.since = saved.since();
        state.attempts.addAll(saved.attempts());
        state.crashes = saved.crashes();
        state.retries = saved.retries();
        state.interruptions = saved.interruptions();
        state.avoid.addAll(saved.avoid());
        state.formerHolders.addAll(saved.formerHolders());
        state.told.add(0, saved.told() == null ? List.of() : saved.told());
    }

    private static SavedListener save(ListenerState state) {
        return new SavedListener(
                state.id,
                state.ruby,
                state.host,
                state.inbox,
                state.version,
                state.slots,
                state.phase.name(),
                Double.isNaN(state.joined) ? null : state.joined,
                Double.isNaN(state.left) ? null : state.left,
                state.syncSeconds,
                state.problem,
                state.reason);
    }

    private static ListenerState load(SavedListener saved, double now) {
        ListenerState state = new ListenerState(saved.listener(), saved.host(), saved.ruby());
        state.inbox = saved.inbox();
        state.version = saved.version();
        state.slots = saved.slots();
        state.phase = ListenerState.Phase.valueOf(saved.phase());
        state.joined = saved.joined() == null ? Double.NaN : saved.joined();
        state.left = saved.left() == null ? Double.NaN : saved.left();
        state.syncSeconds = saved.syncSeconds();
        state.problem = saved.problem();
        state.reason = saved.reason();
        state.lastSeen = now;
        return state;
    }
}
