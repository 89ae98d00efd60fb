package io.jenkins.plugins.distributedtest.listener;

import io.jenkins.plugins.distributedtest.files.Glob;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.wire.CallbackSpec;
import io.jenkins.plugins.distributedtest.wire.CollectSpec;
import io.jenkins.plugins.distributedtest.wire.Names;
import io.jenkins.plugins.distributedtest.wire.NativeMessage;
import io.jenkins.plugins.distributedtest.wire.SyncSpec;
import io.jenkins.plugins.distributedtest.wire.WireException;
import io.jenkins.plugins.distributedtest.wire.gorgon.GorgonMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What a listener knows of a run, checked, whichever dialect its definition came in.
 *
 * @param runId the run's id; for a run of a Ruby originator the name of its files queue
 * @param project name of the project, possibly empty
 * @param environment variables for runners and callbacks
 * @param sync how to get the sources
 * @param callbacks the project's callbacks
 * @param runners which runner takes which file
 * @param heartbeat how often to show that we are alive; null for never (a Ruby originator)
 * @param patience after how long without a sign of life the originator counts as gone for good; null for never
 * @param fileTimeout timeout of a file whose message does not tell one
 * @param casesApart whether the originator takes cases before the end of their file
 * @param collect what is to be brought back; null for nothing
 */
record RunDefinition(
        String runId,
        String project,
        Map<String, String> environment,
        SyncSpec sync,
        CallbackSpec callbacks,
        RunnerSettings runners,
        Duration heartbeat,
        Duration patience,
        Duration fileTimeout,
        boolean casesApart,
        CollectSpec collect) {

    /** Gorgon has no timeouts; a hung file would block a slot for ever. */
    static final Duration DEFAULT_FILE_TIMEOUT = Duration.ofMinutes(10);
    /** How many silences of an originator make it gone for good. */
    private static final int SILENCES = 6;
    /** Longer timeouts are cut to this. */
    private static final double MAX_SECONDS = 7 * 24 * 3600;

    private static final Pattern RUN_ID = Pattern.compile("[A-Za-z0-9_-]{1,100}");
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_.]{0,200}");
    /** Names that are ours to give to processes. */
    private static final String RESERVED = "DISTRIBUTED_TEST_";

    /**
     * Checks a native definition.
     *
     * @throws WireException if something is missing or not allowed
     */
    static RunDefinition of(NativeMessage.JobDefinition definition) throws WireException {
        String runId = checkRunId(definition.runId());
        // Names of queues that we may delete one day are not taken from the wire.
        if (!Names.files(runId).equals(definition.filesQueue())
                || !Names.replies(runId).equals(definition.replyQueue())) {
            throw new WireException("The definition of run " + runId + " names queues that are not its own");
        }
        if (definition.sync() == null) {
            throw new WireException("The definition of run " + runId + " does not say how to sync");
        }
        return new RunDefinition(
                runId,
                orEmpty(definition.project()),
                checkEnvironment(definition.environment()),
                definition.sync(),
                definition.callbacks() == null ? CallbackSpec.NONE : definition.callbacks(),
                definition.runners() == null ? RunnerSettings.DEFAULT : definition.runners(),
                seconds("heartbeat_seconds", definition.heartbeatSeconds()),
                seconds("silence_seconds", definition.silenceSeconds()).multipliedBy(SILENCES),
                DEFAULT_FILE_TIMEOUT,
                definition.casesApart(),
                checkCollect(definition.collect()));
    }

    /**
     * The same with secret variables, which hold in place of others of their names.
     *
     * @throws WireException if one cannot be a variable; its value is not told
     */
    RunDefinition withSecrets(Map<String, String> secrets) throws WireException {
        Map<String, String> all = new TreeMap<>(environment);
        all.putAll(checkEnvironment(secrets));
        return new RunDefinition(
                runId,
                project,
                Map.copyOf(all),
                sync,
                callbacks,
                runners,
                heartbeat,
                patience,
                fileTimeout,
                casesApart,
                collect);
    }

    private static CollectSpec checkCollect(CollectSpec collect) throws WireException {
        if (collect == null || collect.files().isEmpty()) {
            return null;
        }
        try {
            collect.files().forEach(Glob::parse);
        } catch (IllegalArgumentException e) {
            throw new WireException("What is to be collected is no glob: " + e.getMessage(), e);
        }
        return collect;
    }

    /**
     * Checks a definition in Gorgon's dialect.
     *
     * @throws WireException if something is missing or not allowed
     */
    static RunDefinition of(GorgonMessage.JobDefinition definition) throws WireException {
        checkName("file_queue_name", definition.fileQueueName());
        checkName("reply_exchange_name", definition.replyExchangeName());
        GorgonMessage.Extension ours = definition.extension();
        if (ours == null) {
            return new RunDefinition(
                    definition.fileQueueName(),
                    "",
                    Map.of(),
                    gorgonSync(definition),
                    new CallbackSpec(definition.callbacksClassFile(), Map.of()),
                    RunnerSettings.DEFAULT,
                    null,
                    null,
                    DEFAULT_FILE_TIMEOUT,
                    false,
                    null);
        }
        return new RunDefinition(
                checkRunId(ours.runId()),
                orEmpty(ours.project()),
                checkEnvironment(ours.environment()),
                ours.sync() == null ? gorgonSync(definition) : ours.sync(),
                new CallbackSpec(definition.callbacksClassFile(), ours.commands()),
                ours.runners(),
                seconds("heartbeat_seconds", ours.heartbeatSeconds()),
                seconds("silence_seconds", ours.silenceSeconds()).multipliedBy(SILENCES),
                seconds("file_timeout_seconds", ours.fileTimeoutSeconds()),
                false,
                null);
    }

    private static SyncSpec gorgonSync(GorgonMessage.JobDefinition definition) throws WireException {
        GorgonMessage.Sync sync = definition.sync();
        if (sync == null || sync.sourceTreePath() == null) {
            throw new WireException("The job definition does not say where the sources are (sync.source_tree_path)");
        }
        String transport = sync.rsyncTransport().equals("ssh") ? "ssh" : "anonymous";
        return new SyncSpec(
                SyncSpec.Kind.RSYNC, sync.exclude(), null, sync.sourceTreePath(), null, transport, null, null);
    }

    /**
     * Checks the name of a queue or exchange.
     *
     * @throws WireException if it is missing, empty, or longer than AMQP allows
     */
    static String checkName(String what, String name) throws WireException {
        if (!isName(name)) {
            throw new WireException(what + " is not a name of 1 to 255 bytes");
        }
        return name;
    }

    /** Whether something can be the name of a queue or exchange. */
    static boolean isName(String name) {
        return name != null && !name.isEmpty() && name.getBytes(StandardCharsets.UTF_8).length <= 255;
    }

    private static String checkRunId(String runId) throws WireException {
        if (runId == null || !RUN_ID.matcher(runId).matches()) {
            throw new WireException("run_id is not made of 1 to 100 letters, digits, '-' and '_'");
        }
        return runId;
    }

    private static Map<String, String> checkEnvironment(Map<String, String> environment) throws WireException {
        Map<String, String> checked = new TreeMap<>();
        for (Map.Entry<String, String> each :
                (environment == null ? Map.<String, String>of() : environment).entrySet()) {
            String name = each.getKey();
            if (!VARIABLE.matcher(name).matches() || name.startsWith(RESERVED)) {
                throw new WireException("Not a name for an environment variable: "
                        + name.substring(0, Math.min(100, name.length())).replaceAll("\\p{Cntrl}", "?"));
            }
            if (each.getValue() == null || each.getValue().indexOf('\0') >= 0) {
                throw new WireException("Not a value for the environment variable " + name);
            }
            checked.put(name, each.getValue());
        }
        return Map.copyOf(checked);
    }

    /**
     * Checks a duration.
     *
     * @throws WireException if it is not a positive number; one that is over a week is cut to a week
     */
    static Duration seconds(String what, double value) throws WireException {
        if (!(value > 0)) {
            throw new WireException(what + " is not more than 0: " + value);
        }
        return Duration.ofMillis(Math.max(10, Math.round(Math.min(value, MAX_SECONDS) * 1000)));
    }

    private static String orEmpty(String text) {
        return text == null ? "" : text;
    }
}
