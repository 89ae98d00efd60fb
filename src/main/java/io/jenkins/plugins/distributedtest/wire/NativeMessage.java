package io.jenkins.plugins.distributedtest.wire;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.suite.TestCase;
import io.jenkins.plugins.distributedtest.suite.WorkerId;
import java.util.List;
import java.util.Map;

/**
 * The messages of the native dialect, one record each; {@code docs/wire-protocol.md} tells who sends which, where to,
 * and when. On the wire each is a JSON object in UTF-8 whose {@code type} names the record, with its components in
 * snake case. Unknown keys are ignored, so that a newer peer can add some.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = NativeMessage.JobDefinition.class, name = "job_definition"),
    @JsonSubTypes.Type(value = NativeMessage.FileJob.class, name = "file"),
    @JsonSubTypes.Type(value = NativeMessage.FinishRun.class, name = "finish_run"),
    @JsonSubTypes.Type(value = NativeMessage.CancelRun.class, name = "cancel_run"),
    @JsonSubTypes.Type(value = NativeMessage.OriginatorHeartbeat.class, name = "originator_heartbeat"),
    @JsonSubTypes.Type(value = NativeMessage.Ping.class, name = "ping"),
    @JsonSubTypes.Type(value = NativeMessage.Announcement.class, name = "announcement"),
    @JsonSubTypes.Type(value = NativeMessage.Preparing.class, name = "preparing"),
    @JsonSubTypes.Type(value = NativeMessage.Ready.class, name = "ready"),
    @JsonSubTypes.Type(value = NativeMessage.Left.class, name = "left"),
    @JsonSubTypes.Type(value = NativeMessage.Start.class, name = "start"),
    @JsonSubTypes.Type(value = NativeMessage.Cases.class, name = "cases"),
    @JsonSubTypes.Type(value = NativeMessage.Finish.class, name = "finish"),
    @JsonSubTypes.Type(value = NativeMessage.Heartbeat.class, name = "heartbeat"),
    @JsonSubTypes.Type(value = NativeMessage.PingResponse.class, name = "ping_response"),
})
public sealed interface NativeMessage {

    // ---- to every listener of the cluster through the jobs exchange, or to one through its inbox

    /**
     * Invites listeners to a run.
     *
     * @param runId the run's id, a UUID
     * @param project name of the project, for people and for keeping caches apart
     * @param filesQueue the queue of {@link FileJob}s
     * @param replyQueue where a listener's messages about this run go
     * @param heartbeatSeconds how often a listener and the originator show that they are alive
     * @param silenceSeconds after how long without a sign of life an originator counts as gone for good and a listener
     *     abandons the run
     * @param environment environment variables for runners and callbacks
     * @param sync how to get the sources
     * @param callbacks the project's callbacks
     * @param runners which runner takes which file
     * @param files how many files the suite has
     * @param casesApart whether the originator takes {@link Cases}; null, as earlier originators have it, is false
     * @param collect what is to be brought back; null for nothing
     * @param sealed secret variables as {@link RunKey#seal} gives them: only listeners that have the run's key take part;
     *     null for none
     */
    record JobDefinition(
            String runId,
            String project,
            String filesQueue,
            String replyQueue,
            double heartbeatSeconds,
            double silenceSeconds,
            Map<String, String> environment,
            SyncSpec sync,
            CallbackSpec callbacks,
            RunnerSettings runners,
            int files,
            Boolean casesApart,
            CollectSpec collect,
            String sealed)
            implements NativeMessage {
        /** Fills in what an earlier peer does not say. */
        public JobDefinition {
            casesApart = casesApart != null && casesApart;
        }

        /** A run that wants nothing brought back and has no secrets. */
        public JobDefinition(
                String runId,
                String project,
                String filesQueue,
                String replyQueue,
                double heartbeatSeconds,
                double silenceSeconds,
                Map<String, String> environment,
                SyncSpec sync,
                CallbackSpec callbacks,
                RunnerSettings runners,
                int files,
                Boolean casesApart) {
            this(
                    runId,
                    project,
                    filesQueue,
                    replyQueue,
                    heartbeatSeconds,
                    silenceSeconds,
                    environment,
                    sync,
                    callbacks,
                    runners,
                    files,
                    casesApart,
                    null,
                    null);
        }
    }

    /**
     * The run is over: run the closing callbacks, clean up, answer {@link Left}.
     *
     * @param runId the run's id
     */
    record FinishRun(String runId) implements NativeMessage {}

    /**
     * The run is cancelled: kill its process trees, clean up, answer {@link Left}.
     *
     * @param runId the run's id
     * @param reason for people
     */
    record CancelRun(String runId, String reason) implements NativeMessage {}

    /**
     * The originator is alive.
     *
     * @param runId the run's id
     */
    record OriginatorHeartbeat(String runId) implements NativeMessage {}

    /**
     * Asks every listener of the cluster, or of all clusters of the broker, to answer.
     *
     * @param replyQueue where the {@link PingResponse} goes
     */
    record Ping(String replyQueue) implements NativeMessage {}

    // ---- to a worker, through the run's files queue

    /**
     * Hands out one file.
     *
     * @param file the file's path
     * @param lease number of the lease, from 1, one more for each time the file is published
     * @param timeoutSeconds the file's timeout
     * @param expectedSeconds recorded runtime, 0 if unknown
     * @param avoid workers that should leave this file to others while there are others
     * @param again whether a worker has had it before: it then gets a process that has run no other file
     */
    record FileJob(
            String file, int lease, double timeoutSeconds, double expectedSeconds, List<WorkerId> avoid, boolean again)
            implements NativeMessage {}

    // ---- to every originator of the cluster

    /**
     * A listener has come (or come back): originators answer with the job definitions of their runs.
     *
     * @param listener the listener's id
     * @param host its host
     * @param inbox its queue
     */
    record Announcement(String listener, String host, String inbox) implements NativeMessage {}

    // ---- to the originator of a run, through its reply queue

    /**
     * A listener takes part and is syncing.
     *
     * @param listener its id
     * @param host its host
     * @param inbox its queue
     * @param version its version
     * @param slots how many workers it offers
     */
    record Preparing(String listener, String host, String inbox, String version, int slots) implements NativeMessage {}

    /**
     * A listener has synced, run its opening callbacks, and takes files.
     *
     * @param listener its id
     * @param treeDigest digest of the tree it got
     * @param syncSeconds how long that took
     */
    record Ready(String listener, String treeDigest, double syncSeconds) implements NativeMessage {}

    /**
     * A listener takes no (further) part. What its workers still held is to be published again.
     *
     * @param listener its id
     * @param reason why
     * @param problem what went wrong, for people; empty if nothing did
     * @param output output of the command that failed; empty if there is none
     */
    record Left(String listener, Reason reason, String problem, String output) implements NativeMessage {
        /** Why a listener left. */
        public enum Reason {
            /** The run was finished or cancelled. */
            DONE,
            /** The sources did not arrive. */
            SYNC_FAILED,
            /** The tree that arrived is not the originator's. */
            TREE_DIFFERS,
            /** A callback failed. */
            CALLBACK_FAILED,
            /** Test code failed that runs after the last file: the run has failed, though all its files passed. */
            CLOSING_FAILED,
            /** A runner could not be started. */
            RUNNER_FAILED,
            /** What the project loads before its tests does not load: its framework's own command would fail as well. */
            PROJECT_FAILED,
            /** The listener is being shut down. */
            SHUTDOWN
        }
    }

    /**
     * A worker begins a file.
     *
     * @param worker the worker
     * @param file the file
     * @param lease the lease under which it got the file
     */
    record Start(WorkerId worker, String file, int lease) implements NativeMessage {}

    /**
     * Cases of a file that a worker runs have ended: of a file with many, so that its result has a bounded length. Sent in
     * order between {@link Start} and {@link Finish}, to an originator that says that it takes them.
     *
     * @param worker the worker
     * @param file the file
     * @param lease the lease under which it got the file
     * @param from how many of the file's cases were told before
     * @param cases the cases
     */
    record Cases(WorkerId worker, String file, int lease, int from, List<TestCase> cases) implements NativeMessage {}

    /**
     * A worker has ended a file, or was taken down by it.
     *
     * @param worker the worker
     * @param lease the lease under which it got the file
     * @param result what came of it, without the cases that were told before
     * @param casesBefore how many cases were told before, by {@link Cases}; null, as earlier listeners have it, is 0
     */
    record Finish(WorkerId worker, int lease, FileResult result, Integer casesBefore) implements NativeMessage {
        /** Fills in what an earlier peer does not say. */
        public Finish {
            casesBefore = casesBefore == null ? 0 : casesBefore;
        }
    }

    /**
     * A listener is alive. Sent on the same channel as {@link Start} and {@link Finish}, hence in order with them: a
     * file that a worker has started, that is neither finished nor listed here, is lost.
     *
     * @param listener its id
     * @param running what its workers run now
     */
    record Heartbeat(String listener, List<Running> running) implements NativeMessage {
        /**
         * A file that is running.
         *
         * @param slot the worker's slot
         * @param file the file
         * @param lease the lease
         */
        public record Running(int slot, String file, int lease) {}
    }

    /**
     * Answers a ping.
     *
     * @param listener its id
     * @param host its host
     * @param version its version
     * @param slots its slots
     * @param busy how many of them are running a file
     * @param runners the runners that its host supports
     * @param cluster its cluster; null for none, and from a listener of an earlier version
     */
    record PingResponse(
            String listener, String host, String version, int slots, int busy, List<String> runners, String cluster)
            implements NativeMessage {}
}
