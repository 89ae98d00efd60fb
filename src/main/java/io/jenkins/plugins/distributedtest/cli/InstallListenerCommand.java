package io.jenkins.plugins.distributedtest.cli;

import io.jenkins.plugins.distributedtest.process.CommandResult;
import io.jenkins.plugins.distributedtest.process.Commands;
import io.jenkins.plugins.distributedtest.process.ProcessSpec;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
    private static final Duration LIMIT = Duration.ofSeconds(60);

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

    @Option(names = "--system", description = "Install for the whole system (as root) instead of this user.")
    private boolean system;

    @Option(names = "--user", paramLabel = "NAME", description = "With --system: the user that the listener runs as.")
    private String user;

    @Option(names = "--slots", paramLabel = "N", description = "How many files at a time.")
    private Integer slots;

    @Option(names = "--cluster", paramLabel = "NAME", description = "The cluster it belongs to.")
    private String cluster;

    @Option(names = "--uninstall", description = "Stop and remove the unit.")
    private boolean uninstall;

    @Option(names = "--dry-run", description = "Only say what would be done.")
    private boolean dryRun;

    private PrintWriter out;
    /** Whether systemd did everything that it was to do. */
    private boolean complete = true;

    InstallListenerCommand() {}

    @Override
    public Integer call() throws CliException, IOException, InterruptedException {
        out = spec.commandLine().getOut();
        if (!name.matches("[A-Za-z0-9:_.@-]{1,200}") || name.startsWith("-") || name.startsWith(".")) {
            throw new CliException("--name may hold letters, digits and :_.@- only: " + name);
        }
        if (user != null && !(system && user.matches("[A-Za-z_][A-Za-z0-9_.-]*"))) {
            throw new CliException("--user takes the name of a user, together with --system");
        }
        if (slots != null && slots < 1) {
            throw new CliException("--slots must be at least 1, not " + slots);
        }
        if (uninstall) {
            uninstall();
        } else {
            install();
        }
        out.flush();
        return complete ? ExitCode.OK : ExitCode.ERROR;
    }

    private Path unitFile() {
        if (system) {
            return Path.of("/etc/systemd/system", name + ".service");
        }
        return configHome().resolve("systemd/user").resolve(name + ".service");
    }

    private Path environmentFile() {
        return system
                ? Path.of("/etc/distributed-test", name + ".env")
                : configHome().resolve("distributed-test").resolve(name + ".env");
    }

    private static Path configHome() {
        String configured = System.getenv("XDG_CONFIG_HOME");
        return configured != null && configured.startsWith("/") ? Path.of(configured) : home().resolve(".config");
    }

    /** Where systemd looks: it goes by the environment, which need not agree with the user's entry in the system. */
    private static Path home() {
        String configured = System.getenv("HOME");
        return Path.of(configured != null && configured.startsWith("/") ? configured : System.getProperty("user.home"));
    }

    private void install() throws CliException, IOException, InterruptedException {
        Path project = directory.toAbsolutePath().normalize();
        if (!Files.isDirectory(project)) {
            throw new CliException("Not a directory: " + project);
        }
        String text = SystemdUnit.text(listenCommand(), project, environmentFile(), system, user);
        write(unitFile(), text);
        out.println(
                "The listener reads its configuration in " + project + ", and environment variables, one NAME=VALUE a"
                        + " line, from " + environmentFile() + " if there is such a file, readable by its owner only:");
        out.println("    DISTRIBUTED_TEST_BROKER=amqp://user:password@broker.example.org:5672");
        systemctl(List.of("daemon-reload"));
        systemctl(List.of("enable", "--now", name + ".service"));
        if (!system) {
            out.println("To keep it running while you are not logged in: loginctl enable-linger");
        }
    }

    private void uninstall() throws CliException, IOException, InterruptedException {
        if (!Files.exists(unitFile())) {
            throw new CliException("There is no " + unitFile());
        }
        systemctl(List.of("disable", "--now", name + ".service"));
        out.println((dryRun ? "Would remove " : "Removing ") + unitFile());
        if (!dryRun) {
            Files.delete(unitFile());
        }
        systemctl(List.of("daemon-reload"));
    }

    private void write(Path file, String text) throws CliException, IOException {
        out.println((dryRun ? "Would write " : "Writing ") + file + ":");
        text.lines().forEach(line -> out.println("    " + line));
        if (dryRun) {
            return;
        }
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (java.nio.file.AccessDeniedException e) {
            throw new CliException("Cannot write " + file
                    + ". --system needs root: sudo distributed-test install-listener" + " --system …");
        }
    }

    private List<String> listenCommand() throws CliException {
        List<String> command = new ArrayList<>(OwnProgram.of(spec).command());
        command.add("listen");
        if (slots != null) {
            command.add("--slots=" + slots);
        }
        if (cluster != null) {
            command.add("--cluster=" + cluster);
        }
        return command;
    }

    /** Runs systemctl where there is one that answers; otherwise the user is told to. */
    private void systemctl(List<String> arguments) throws InterruptedException, CliException {
        List<String> command = new ArrayList<>(List.of("systemctl"));
        if (!system) {
            command.add("--user");
        }
        command.addAll(arguments);
        String line = String.join(" ", command);
        if (dryRun) {
            out.println("Would run: " + line);
            return;
        }
        try {
            CommandResult result = Commands.run(ProcessSpec.of(command), LIMIT);
            if (!result.ok()) {
                complete = false;
                out.println("This failed, run it yourself: " + line + "\n    "
                        + result.output().strip());
                return;
            }
            out.println("Ran: " + line);
        } catch (IOException e) {
            complete = false;
            out.println("There is no systemctl here. On a host with systemd run: " + line);
        }
    }
}
