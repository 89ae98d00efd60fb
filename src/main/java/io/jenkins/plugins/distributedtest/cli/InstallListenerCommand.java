package io.jenkins.plugins.distributedtest.cli;

import io.jenkins.plugins.distributedtest.process.OwnJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code distributed-test install-listener}: a systemd unit that keeps a listener running. */
@Command(
        name = "install-listener",
        description = "Installs a systemd unit that keeps a listener running, for this user or the whole system, and"
                + " says what it does.")
final class InstallListenerCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private HelpOption help;

    @Option(
            names = {"-C", "--directory"},
            paramLabel = "DIR",
            description = "Where the listener finds its configuration (default: the current directory).")
    private Path directory = Path.of("");

    @Option(
            names = "--name",
            paramLabel = "UNIT",
            defaultValue = "distributed-test-listener",
            description = "Name of the unit (default: ${DEFAULT-VALUE}).")
    private String name;

    @Mixin
    private UnitOptions unit;

    @Option(names = "--slots", paramLabel = "N", description = "How many files at a time.")
    private Integer slots;

    @Option(names = "--cluster", paramLabel = "NAME", description = "The cluster it belongs to.")
    private String cluster;

    InstallListenerCommand() {}

    @Override
    public Integer call() throws CliException, IOException, InterruptedException {
        UnitInstaller installer = unit.installer(spec, name);
        if (slots != null && slots < 1) {
            throw new CliException("--slots must be at least 1, not " + slots);
        }
        if (unit.isToBeRemoved()) {
            installer.uninstall();
        } else {
            install(installer);
        }
        return installer.exitCode();
    }

    private void install(UnitInstaller installer) throws CliException, IOException, InterruptedException {
        Path project = directory.toAbsolutePath().normalize();
        if (!Files.isDirectory(project)) {
            throw new CliException("Not a directory: " + project);
        }
        Path environment = installer.environmentFile();
        installer.install(
                SystemdUnit.listener(listenCommand(), project, environment, unit.isSystems(), unit.user()),
                List.of(
                        "The listener reads its configuration in " + project + ", and environment variables, one"
                                + " NAME=VALUE a line, from " + environment
                                + " if there is such a file, readable by its owner only:",
                        "    DISTRIBUTED_TEST_BROKER=amqp://user:password@broker.example.org:5672"));
    }

    private List<String> listenCommand() throws CliException {
        List<String> command = new ArrayList<>(OwnProgram.of(spec).command(OwnJvm.LISTENER));
        command.add("listen");
        if (slots != null) {
            command.add("--slots=" + slots);
        }
        if (cluster != null) {
            command.add("--cluster=" + cluster);
        }
        return command;
    }
}
