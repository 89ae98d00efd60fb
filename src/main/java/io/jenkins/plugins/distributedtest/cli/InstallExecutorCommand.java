package io.jenkins.plugins.distributedtest.cli;

import io.jenkins.plugins.distributedtest.config.ConfigException;
import io.jenkins.plugins.distributedtest.process.OwnJvm;
import io.jenkins.plugins.distributedtest.zuul.settings.ExecutorFile;
import io.jenkins.plugins.distributedtest.zuul.settings.ExecutorSettings;
import io.jenkins.plugins.distributedtest.zuul.settings.TaskDefinition;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code distributed-test install-executor}: a systemd unit that keeps an executor of Zuul's jobs running. */
@Command(
        name = "install-executor",
        description =
                "Installs a systemd unit that keeps an executor of Zuul's jobs running, for this user or the whole"
                        + " system, and says what it does.")
final class InstallExecutorCommand implements Callable<Integer> {
    /** What an executor needs beside its jobs to end: sources, logs. */
    private static final Duration BESIDE = Duration.ofMinutes(10);

    @Spec
    private CommandSpec spec;

    @Mixin
    private HelpOption help;

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "The executor's configuration; needed unless the unit is removed.")
    private Path config;

    @Option(
            names = "--name",
            paramLabel = "UNIT",
            defaultValue = "distributed-test-gearman",
            description = "Name of the unit (default: ${DEFAULT-VALUE}).")
    private String name;

    @Mixin
    private UnitOptions unit;

    @Option(
            names = "--metrics-port",
            paramLabel = "PORT",
            description = "Serve metrics for Prometheus at http://127.0.0.1:PORT/metrics.")
    private Integer metricsPort;

    InstallExecutorCommand() {}

    @Override
    public Integer call() throws CliException, ConfigException, IOException, InterruptedException {
        UnitInstaller installer = unit.installer(spec, name);
        if (unit.isToBeRemoved()) {
            installer.uninstall();
        } else {
            install(installer);
        }
        return installer.exitCode();
    }

    private void install(UnitInstaller installer)
            throws CliException, ConfigException, IOException, InterruptedException {
        if (config == null) {
            throw new CliException("Say which configuration the executor has: --config=FILE");
        }
        Path file = config.toAbsolutePath().normalize();
        ExecutorSettings settings = ExecutorFile.read(file, YamlFiles::read);
        Duration longest = settings.tasks().stream()
                .map(TaskDefinition::timeout)
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
        List<String> command = new ArrayList<>(OwnProgram.of(spec).command(OwnJvm.BRIEF));
        command.addAll(List.of("gearman", "--config=" + file));
        if (metricsPort != null) {
            command.add("--metrics-port=" + metricsPort);
        }
        Path environment = installer.environmentFile();
        String text = SystemdUnit.executor(
                command,
                file.getParent(),
                environment,
                unit.isSystems(),
                unit.user(),
                longest.plus(BESIDE).toSeconds());
        installer.install(
                text,
                List.of("Environment variables, one NAME=VALUE a line, are read from " + environment
                        + " if there is such a file. TimeoutStopSec is above the longest job's timeout of "
                        + longest.toMinutes() + " min: install it again when that grows."));
    }
}
