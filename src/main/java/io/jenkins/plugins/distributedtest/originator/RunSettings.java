package io.jenkins.plugins.distributedtest.originator;

import io.jenkins.plugins.distributedtest.suite.FileGroups;
import io.jenkins.plugins.distributedtest.suite.Quarantine;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import io.jenkins.plugins.distributedtest.sync.ExcludePatterns;
import io.jenkins.plugins.distributedtest.sync.Sync;
import io.jenkins.plugins.distributedtest.sync.SyncException;
import io.jenkins.plugins.distributedtest.wire.CallbackSpec;
import io.jenkins.plugins.distributedtest.wire.WireException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What one run is asked to do, apart from its files and the broker.
 *
 * @param project name of the project, for people and for keeping caches apart
 * @param cluster the cluster whose listeners may take part; null for the one without a name
 * @param dialect the wire protocol
 * @param fileTimeout timeout of each file
 * @param runTimeout timeout of the whole run; null for none
 * @param listenerTimeout how long to wait for a first listener
 * @param heartbeat how often both sides show that they are alive
 * @param silence after how long without a sign of life a worker's leases are lost
 * @param originatorTimeout how long listeners go on with the run while its originator shows no sign of life; null for six
 *     times {@code silence}
 * @param failFast end the run after this many failed files; 0 for never
 * @param retries how often a failed file is tried again
 * @param retryBudget how many retries the whole run may spend
 * @param noTestsAllowed whether a run passes in which no file has a test
 * @param environment environment variables for runners and callbacks
 * @param sealed secret variables for runners and callbacks, as {@link io.jenkins.plugins.distributedtest.wire.RunKey} seals
 *     them: only listeners that have its key take part; null for none
 * @param sync how listeners get the sources
 * @param callbacks the project's callbacks
 * @param runners which runner takes which file
 * @param gorgonCancelBroadcast whether cancelling a run in Gorgon's dialect also broadcasts Gorgon's own cancel
 *     message, which stops Ruby listeners in the middle of a file, but those of every other run as well
 * @param collect what is brought back of the files that tests leave
 * @param quarantine tests whose failure does not make the run fail; stays with the originator
 * @param groups files that run one at a time; stay with the originator, too
 */
public record RunSettings(
        String project,
        String cluster,
        Dialect dialect,
        Duration fileTimeout,
        Duration runTimeout,
        Duration listenerTimeout,
        Duration heartbeat,
        Duration silence,
        Duration originatorTimeout,
        int failFast,
        int retries,
        int retryBudget,
        boolean noTestsAllowed,
        Map<String, String> environment,
        String sealed,
        Sync sync,
        CallbackSpec callbacks,
        RunnerSettings runners,
        boolean gorgonCancelBroadcast,
        CollectSettings collect,
        Quarantine quarantine,
        FileGroups groups) {
    /** How many silences a listener waits. */
    private static final int SILENCES = 6;

    /** The wire protocol of a run. */
    public enum Dialect {
        /** Ours. */
        NATIVE,
        /** Gorgon's, to the letter: Ruby listeners can take part. */
        GORGON
    }

    /** Copies the environment. */
    public RunSettings {
        environment = environment == null ? Map.of() : Map.copyOf(environment);
        collect = collect == null ? CollectSettings.NONE : collect;
        quarantine = quarantine == null ? Quarantine.NONE : quarantine;
        groups = groups == null ? FileGroups.NONE : groups;
    }

    /**
     * What a job definition says of silence: listeners give a run up when its originator has been silent for six times
     * as long.
     */
    Duration silenceForListeners() {
        return originatorTimeout == null ? silence : originatorTimeout.dividedBy(SILENCES);
    }

    /**
     * The settings as JSON in UTF-8. They hold no secret but what is sealed: neither does a job definition.
     *
     * @see #fromJson
     */
    public byte[] toJson() {
        return SettingsCodec.write(this);
    }

    /**
     * Settings from their JSON.
     *
     * @throws WireException if it holds none
     */
    public static RunSettings fromJson(byte[] json) throws WireException {
        return SettingsCodec.read(json);
    }

    /** The same for another cluster. */
    public RunSettings withCluster(String other) {
        return with(other, sync, runners, environment, sealed, collect, quarantine, noTestsAllowed);
    }

    /** The same with sources that travel in another way. */
    public RunSettings withSync(Sync other) {
        return with(cluster, other, runners, environment, sealed, collect, quarantine, noTestsAllowed);
    }

    /** The same with other settings of the runners. */
    public RunSettings withRunners(RunnerSettings other) {
        return with(cluster, sync, other, environment, sealed, collect, quarantine, noTestsAllowed);
    }

    /** The same with something else to be brought back. */
    public RunSettings withCollect(CollectSettings other) {
        return with(cluster, sync, runners, environment, sealed, other, quarantine, noTestsAllowed);
    }

    /** The same with more tests in quarantine. */
    public RunSettings withQuarantine(Quarantine more) {
        return with(cluster, sync, runners, environment, sealed, collect, quarantine.with(more), noTestsAllowed);
    }

    /** The same with more variables for runners and callbacks; those that it has stay as they are. */
    public RunSettings withVariables(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(more);
        all.putAll(environment);
        return with(cluster, sync, runners, all, sealed, collect, quarantine, noTestsAllowed);
    }

    /** The same with sealed variables. */
    public RunSettings withSealed(String variables) {
        return with(cluster, sync, runners, environment, variables, collect, quarantine, noTestsAllowed);
    }

    /** The same where a run may pass in which no file has a test. */
    public RunSettings withNoTestsAllowed() {
        return with(cluster, sync, runners, environment, sealed, collect, quarantine, true);
    }

    private RunSettings with(
            String newCluster,
            Sync newSync,
            RunnerSettings newRunners,
            Map<String, String> newEnvironment,
            String newSealed,
            CollectSettings newCollect,
            Quarantine newQuarantine,
            boolean newNoTestsAllowed) {
        return new RunSettings(
                project,
                newCluster,
                dialect,
                fileTimeout,
                runTimeout,
                listenerTimeout,
                heartbeat,
                silence,
                originatorTimeout,
                failFast,
                retries,
                retryBudget,
                newNoTestsAllowed,
                newEnvironment,
                newSealed,
                newSync,
                callbacks,
                newRunners,
                gorgonCancelBroadcast,
                newCollect,
                newQuarantine,
                groups);
    }

    /**
     * Those of some files that listeners do not get, since the sync leaves them out.
     *
     * @param files the files
     * @return the files; none where listeners see the project's own directory
     */
    public List<TestFile> notSynced(Collection<TestFile> files) {
        if (sync instanceof Sync.None) {
            return List.of();
        }
        try {
            ExcludePatterns exclude = ExcludePatterns.of(sync.exclude());
            return files.stream()
                    .filter(file -> exclude.excludesOrParent(file.path(), false))
                    .toList();
        } catch (SyncException e) {
            return List.of(); // a pattern that is refused ends the run, with its name
        }
    }
}
