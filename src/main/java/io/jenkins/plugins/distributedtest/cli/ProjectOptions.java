package io.jenkins.plugins.distributedtest.cli;

import io.jenkins.plugins.distributedtest.amqp.BrokerFile;
import io.jenkins.plugins.distributedtest.config.ConfigException;
import io.jenkins.plugins.distributedtest.config.Configuration;
import java.io.IOException;
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

    @Option(names = "--config", paramLabel = "FILE", description = "Read this file in place of distributed-test.json.")
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
                    + " can see it; --broker-file, or DISTRIBUTED_TEST_BROKER in the environment is safer.")
    private String broker;

    @Option(
            names = "--broker-file",
            paramLabel = "FILE",
            description = "Read the broker's URI from this file, which only you may be able to read; - takes the first"
                    + " line of standard input.")
    private String brokerFile;

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
     * @throws CliException if the broker is given twice, or standard input does not say where it is
     * @throws IOException if the file that says where the broker is cannot be used
     */
    Configuration load(Configuration.Role role) throws ConfigException, CliException, IOException {
        Configuration configuration = Configuration.load(directory, config, role, System.getenv(), sets);
        if (broker != null && brokerFile != null) {
            throw new CliException("--broker and --broker-file both say where the broker is: use one of them");
        }
        if ("-".equals(brokerFile)) {
            configuration.override("connection", OwnerPipe.readLine("--broker-file -"), "--broker-file");
        } else if (brokerFile != null) {
            String uri = BrokerFile.read(Path.of(brokerFile)).toSecretUri();
            configuration.override("connection", uri, "--broker-file");
        }
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
