package io.jenkins.plugins.distributedtest.cli;

import io.jenkins.plugins.distributedtest.process.CommandResult;
import io.jenkins.plugins.distributedtest.process.Commands;
import io.jenkins.plugins.distributedtest.process.ProcessSpec;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Installs and removes a systemd unit, of this user or of the whole system, and says what it does. */
final class UnitInstaller {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final PrintWriter out;
    private final String name;
    private final boolean system;
    private final boolean dryRun;
    private final String self;
    /** Whether systemd did everything that it was to do. */
    private boolean complete = true;

    /**
     * @param out where it says what it does
     * @param name of the unit
     * @param system whether it is the system's, not a user's
     * @param dryRun whether it only says what it would do
     * @param self the command that uses it, for messages
     * @throws CliException if it cannot be the name of a unit
     */
    UnitInstaller(PrintWriter out, String name, boolean system, boolean dryRun, String self) throws CliException {
        if (!name.matches("[A-Za-z0-9:_.@-]{1,200}") || name.startsWith("-") || name.startsWith(".")) {
            throw new CliException("--name may hold letters, digits and :_.@- only: " + name);
        }
        this.out = out;
        this.name = name;
        this.system = system;
        this.dryRun = dryRun;
        this.self = self;
    }

    private Path unitFile() {
        if (system) {
            return Path.of("/etc/systemd/system", name + ".service");
        }
        return configHome().resolve("systemd/user").resolve(name + ".service");
    }

    /** Where the unit's environment variables are. */
    Path environmentFile() {
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

    /**
     * Writes the unit and starts it.
     *
     * @param text the unit
     * @param advice what is said before it is started
     */
    void install(String text, List<String> advice) throws CliException, IOException, InterruptedException {
        write(unitFile(), text);
        advice.forEach(out::println);
        systemctl(List.of("daemon-reload"));
        systemctl(List.of("enable", "--now", name + ".service"));
        if (!system) {
            out.println("To keep it running while you are not logged in: loginctl enable-linger");
        }
    }

    /** Stops and removes the unit. */
    void uninstall() throws CliException, IOException, InterruptedException {
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

    /** The exit code: whether everything was done. */
    int exitCode() {
        out.flush();
        return complete ? ExitCode.OK : ExitCode.ERROR;
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
        } catch (AccessDeniedException e) {
            throw new CliException(
                    "Cannot write " + file + ". --system needs root: sudo distributed-test " + self + " --system …");
        }
    }

    /** Runs systemctl where there is one that answers; otherwise the user is told to. */
    private void systemctl(List<String> arguments) throws InterruptedException {
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
