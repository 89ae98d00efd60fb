package io.jenkins.plugins.distributedtest.jenkins.step;

import io.jenkins.plugins.distributedtest.jenkins.config.StepDefaults;
import io.jenkins.plugins.distributedtest.jenkins.executors.OwnSettings;
import io.jenkins.plugins.distributedtest.jenkins.executors.SeatRequest;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything that a step says, checked as far as that can be done without the workspace. Saved with the pipeline, so
 * that a run that had not begun when the controller was restarted can begin again.
 */
final class StepParameters implements Serializable {
    private static final long serialVersionUID = 1L;
    /** Matches every file. */
    private static final String ALL = "**/*";

    private static final int MOST_WORKERS = 1000;

    /** What is said to the engine. */
    final StepOptions options = new StepOptions();
    /** The name of the broker; null for the project's, or the first. */
    final String broker;
    /** The file to read in place of {@code distributed-test.json}; null for that. */
    final String config;
    /** A file that lists the files to run; null for globs. */
    final String list;
    /** Whether to run only what failed in the last build. */
    final boolean onlyFailed;
    /** The name of the record of runtimes; null for none. */
    final String history;
    /** What failing tests do; null for the configured default. */
    final OnFailure onFailure;
    /** The title; null for none. */
    final String title;
    /** Whether to publish through the junit plugin. */
    final boolean publish;
    /** Whether the step says that listeners fetch with git. */
    final boolean git;
    /** How many slots the listener on the step's own node has; null for the configured default. */
    final Integer localSlots;
    /** How many other listeners must come; 0 for none. */
    final int minimum;
    /** How many times the step's block runs at once; null for once, or if there is no block. */
    final Integer workers;
    /** Which executors are asked for; possibly none. */
    final ArrayList<SeatRequest> executors = new ArrayList<>();

    /** Names of secret variables that tests see on listeners of the run. */
    final ArrayList<String> secretEnvironment = new ArrayList<>();

    private StepParameters(DistributedTestStep step) {
        broker = step.getBroker();
        config = step.getConfig();
        list = step.getList();
        onlyFailed = step.isOnlyFailed();
        history = history(step.getHistory());
        onFailure = onFailure(step.getOnFailure());
        title = step.getTitle();
        publish = !step.isSkipPublishing();
        git = "git".equals(step.getSync());
        localSlots = count("localSlots", step.getLocalSlots());
        Integer least = count("minimum", step.getMinimum());
        minimum = least == null ? 0 : least;
        workers = step.getWorkers();
        if (workers != null && (workers < 1 || workers > MOST_WORKERS)) {
            throw new IllegalArgumentException("workers is a number from 1 to " + MOST_WORKERS + ", not " + workers);
        }
        if (step.getAgents() != null) {
            step.getAgents().forEach(each -> executors.add(each.checked()));
        }
        if (step.getSecretEnvironment() != null) {
            secretEnvironment.addAll(step.getSecretEnvironment());
        }
        String secretFault = StepSecrets.fault(secretEnvironment);
        if (secretFault != null) {
            throw new IllegalArgumentException(secretFault);
        }
        if (list != null && step.getFiles() != null) {
            throw new IllegalArgumentException("files and list each say which files to run: use one of them");
        }
        suite(step);
        times(step);
        sync(step);
        runners(step);
    }

    /**
     * What a step says.
     *
     * @throws IllegalArgumentException if an option is wrong; the message names it and the way out
     */
    static StepParameters of(DistributedTestStep step) {
        return new StepParameters(step);
    }

    private static Integer count(String option, Integer number) {
        if (number != null && number < 0) {
            throw new IllegalArgumentException(option + " is a number from 0 up, not " + number);
        }
        return number;
    }

    /**
     * Which listeners the step has for itself.
     *
     * @param defaults the administrator's words
     * @param patience how long other listeners may take
     * @param block whether the step has a block: then its own node need not be able to run tests
     */
    OwnSettings own(StepDefaults defaults, Duration patience, boolean block) {
        Integer otherwise = block ? Integer.valueOf(0) : defaults.getLocalSlots();
        Integer slots = localSlots != null ? localSlots : otherwise;
        return new OwnSettings(slots == null ? OwnSettings.BY_PROCESSORS : slots, minimum, patience, executors);
    }

    private static String history(String name) {
        String fault = JobRecords.fault(name);
        if (fault != null) {
            throw new IllegalArgumentException(fault);
        }
        return name == null ? JobRecords.DEFAULT : name.equals(JobRecords.NONE) ? null : name;
    }

    /**
     * What a word means.
     *
     * @return null for null
     * @throws IllegalArgumentException if it is none
     */
    static OnFailure onFailure(String word) {
        if (word == null) {
            return null;
        }
        try {
            return OnFailure.valueOf(word);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("onFailure is UNSTABLE, FAILURE or IGNORE, not " + word);
        }
    }

    private void suite(DistributedTestStep step) {
        options.list("files", "files", step.getFiles())
                .list("exclude", "exclude", step.getExclude())
                .text("quarantine", "quarantine", step.getQuarantine())
                .text("project", "project", step.getProject())
                .text("cluster", "cluster_id", step.getCluster())
                .text("resultsFile", "junit", step.getResultsFile())
                .text("html", "html", step.getHtml())
                .text("json", "json", step.getJson())
                .list("collect", "collect", step.getCollect())
                .text("collectTo", "collect_to", step.getCollectTo())
                .text("maxCollected", "max_collected", step.getMaxCollected())
                .texts("environment", "environment", step.getEnvironment());
    }

    private void times(DistributedTestStep step) {
        options.text("protocol", "protocol", step.getProtocol())
                .text("gorgonCancel", "gorgon.cancel", step.getGorgonCancel())
                .text("fileTimeout", "file_timeout", step.getFileTimeout())
                .text("runTimeout", "run_timeout", step.getRunTimeout())
                .text("listenerTimeout", "listener_timeout", step.getListenerTimeout())
                .text("originatorTimeout", "originator_timeout", step.getOriginatorTimeout())
                .text("heartbeat", "heartbeat", step.getHeartbeat())
                .text("silence", "silence", step.getSilence())
                .text("failFast", "fail_fast", step.getFailFast())
                .text("retries", "retries", step.getRetries())
                .text("retryBudget", "retry_budget", step.getRetryBudget());
    }

    private void sync(DistributedTestStep step) {
        options.text("sync", "job.sync.kind", step.getSync())
                .list("syncExclude", "job.sync.exclude", step.getSyncExclude())
                .text("maxContent", "job.sync.max_content", step.getMaxContent())
                .text("fileServerHost", "file_server.host", step.getFileServerHost())
                .text("fileServerPort", "file_server.port", step.getFileServerPort())
                .text("fileServerModule", "file_server.module", step.getFileServerModule())
                .text("rsyncTransport", "job.sync.rsync_transport", step.getRsyncTransport())
                .text("rsyncKeyFile", "job.sync.rsync_key_file", step.getRsyncKeyFile())
                .text("sshConfig", "job.sync.ssh_config", step.getSshConfig())
                .text("anyHostKey", "job.sync.any_host_key", step.isAnyHostKey() ? true : null)
                .text("gitUrl", "job.sync.git_url", step.getGitUrl())
                .text("gitRef", "job.sync.git_ref", step.getGitRef())
                .list("gitProtocols", "job.sync.git_protocols", step.getGitProtocols());
    }

    private void runners(DistributedTestStep step) {
        if (step.getRunner() != null || step.getRunners() != null) {
            options.anew("runner", "runners.files").texts("runners", "runners.files", step.getRunners());
        }
        if (step.getRunner() != null) {
            options.texts("runner", "runners.files", List.of(ALL + "=" + step.getRunner()));
        }
        options.list("command", "runners.command", step.getCommand())
                .commands("interpreters", "runners.interpreters", step.getInterpreters())
                .commands("args", "runners.args", step.getArgs())
                .commands("preload", "runners.preload", step.getPreload())
                .list("classPath", "runners.class_path", step.getClassPath())
                .list("classPathCommand", "runners.class_path_command", step.getClassPathCommand())
                .text("callbacksClassFile", "job.callbacks.callbacks_class_file", step.getCallbacksClassFile())
                .commands("callbacks", "job.callbacks.commands", step.getCallbacks());
    }

    /**
     * What is done where neither step nor project say anything.
     *
     * @param defaults the administrator's words
     * @param project the name of the project
     */
    static StepOptions under(StepDefaults defaults, String project) {
        StepOptions options = new StepOptions()
                .text("project", "project", project)
                .text("originatorTimeout", "originator_timeout", "30m")
                .text("protocol", "protocol", defaults.getProtocol())
                .text("sync", "job.sync.kind", defaults.getSync())
                .text("fileTimeout", "file_timeout", defaults.getFileTimeout())
                .text("runTimeout", "run_timeout", defaults.getRunTimeout())
                .text("listenerTimeout", "listener_timeout", defaults.getListenerTimeout())
                .text("retries", "retries", defaults.getRetries())
                .text("retryBudget", "retry_budget", defaults.getRetryBudget())
                .text("failFast", "fail_fast", defaults.getFailFast());
        if (defaults.getRunner() != null) {
            options.texts("runner", "runners.files", List.of(ALL + "=" + defaults.getRunner()));
        }
        return options;
    }
}
