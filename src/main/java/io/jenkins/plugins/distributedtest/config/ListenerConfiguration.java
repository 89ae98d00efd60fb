package io.jenkins.plugins.distributedtest.config;

import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.listener.ListenerSettings;
import io.jenkins.plugins.distributedtest.sync.SshOptions;
import java.nio.file.Path;

/**
 * What a listener needs to know.
 *
 * @param broker the broker
 * @param settings the listener's settings
 * @param logFile where to log; null for standard error
 * @param metricsPort where to serve metrics; null for nowhere
 * @param processContainers how processes are kept together: a word of {@code ProcessContainers}
 */
public record ListenerConfiguration(
        BrokerAddress broker, ListenerSettings settings, Path logFile, Integer metricsPort, String processContainers) {

    /**
     * Takes a listener's part out of the configuration.
     *
     * @throws ConfigException if keys contradict each other
     */
    public static ListenerConfiguration from(Configuration c) throws ConfigException {
        Integer slots = c.number("worker_slots");
        ListenerSettings settings = new ListenerSettings(
                c.text("cluster_id"),
                slots == null ? Runtime.getRuntime().availableProcessors() : slots,
                workDirectory(c),
                c.flag("keep_workspaces"),
                c.duration("callback_timeout"),
                c.duration("sync_timeout"),
                new SshOptions(
                        c.path("job.sync.rsync_key_file"),
                        c.path("job.sync.ssh_config"),
                        c.flag("job.sync.any_host_key")),
                c.texts("job.sync.git_protocols"),
                c.text("trees").equals("slot"),
                c.number("kept_trees"));
        return new ListenerConfiguration(
                c.broker(), settings, c.path("log_file"), c.number("metrics_port"), c.text("process_containers"));
    }

    private static Path workDirectory(Configuration c) {
        Path configured = c.path("work_directory");
        return configured != null ? configured : Path.of(System.getProperty("user.home"), ".cache", "distributed-test");
    }
}
