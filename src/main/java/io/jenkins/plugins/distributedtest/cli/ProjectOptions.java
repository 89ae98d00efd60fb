package io.jenkins.plugins.distributedtest.cli;

import io.jenkins.plugins.distributedtest.config.ConfigException;
import io.jenkins.plugins.distributedtest.config.Configuration;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import picocli.CommandLine.Option;

/** Options of every command that reads the configuration. */
final class ProjectOptions {
    @Option(
            names = {"-C", "--directory"},
            paramLabel = "DIR",
            description = "The project's directory (default: the current one).")
    private Path directory = Path.of("");

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Read this file in place of distributed-test.json.")
    private Path config;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Set a key of the configuration, such as file_timeout=5m. Can be repeated.")
    private List<String> sets = new ArrayList<>();

    @Option(
            names = "--broker",
            paramLabel = "URI",
            description = "The AMQP broker: amqp://user:password@host:port/vhost, or amqps://. Other users of this host"
                    + " can see it; DISTRIBUTED_TEST_BROKER in the environment is safer.")
    private String broker;

    @Option(names = "--cluster", paramLabel = "NAME", description = "The cluster that listeners and runs share.")
    private String cluster;

    @Option(
            names = {"-v", "--verbose"},
            description = "Log to standard error.")
    private boolean verbose;

    /**
     * Reads the configuration, with these options over it.
     *
     * @param role who asks
     * @throws ConfigException if anything in it is wrong
     */
    Configuration load(Configuration.Role role) throws ConfigException {
        Configuration configuration = Configuration.load(directory, config, role, System.getenv(), sets);
        if (broker != null) {
            configuration.override("connection", broker, "--broker");
        }
        if (cluster != null) {
            configuration.override("cluster_id", cluster, "--cluster");
        }
        return configuration;
    }

    /** The project's directory, absolute. */
    Path directory() {
        return directory.toAbsolutePath().normalize();
    }

    /** The level of the log: what was asked for, or the command's own. */
    Level level(Level byDefault) {
        return verbose ? Level.FINE : byDefault;
    }

    /**
     * The options that somebody must give again to run some of this project's files in the same way, fit for a shell;
     * the broker is left out, since its URI holds a password.
     */
    String repeated() {
        StringBuilder options = new StringBuilder();
        if (!directory.toString().isEmpty()) {
            options.append(" -C ").append(Shell.quoted(directory.toString()));
        }
        if (config != null) {
            options.append(" --config ").append(Shell.quoted(config.toString()));
        }
        if (cluster != null) {
            options.append(" --cluster ").append(Shell.quoted(cluster));
        }
        sets.stream()
                .filter(set -> !set.startsWith("connection"))
                .forEach(set -> options.append(" --set ").append(Shell.quoted(set)));
        return options.toString();
    }
}
