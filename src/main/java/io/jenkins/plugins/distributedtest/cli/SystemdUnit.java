package io.jenkins.plugins.distributedtest.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** The texts of the systemd units that keep a listener and an executor running. */
final class SystemdUnit {
    private SystemdUnit() {}

    /**
     * The unit of an executor: SIGHUP reloads its configuration, and whoever stops it waits for the jobs that run.
     *
     * @param stopSeconds how long they may take. The others as for a listener
     */
    static String executor(
            List<String> command, Path directory, Path environmentFile, boolean system, String user, long stopSeconds) {
        // TimeoutStopSec above the longest job: what still runs then is killed, and Zuul starts it anew elsewhere.
        String behaviour = "ExecReload=/bin/kill -HUP $MAINPID\nRestart=on-failure\nRestartSec=5\nTimeoutStopSec="
                + stopSeconds + "\n";
        return unit("Zuul executor", command, directory, environmentFile, system, user, behaviour);
    }

    /**
     * The unit of a listener.
     *
     * @param command what to run, the program by its absolute path
     * @param directory where to run it
     * @param environmentFile file with the broker's URI, which need not exist
     * @param system whether it is the system's, not a user's
     * @param user for the system's the user to run as; null for root
     */
    static String listener(List<String> command, Path directory, Path environmentFile, boolean system, String user) {
        // Whoever shuts down gives the listener the time to hand its files back.
        String behaviour = "Restart=always\nRestartSec=5\nTimeoutStopSec=30\n";
        return unit("Test listener", command, directory, environmentFile, system, user, behaviour);
    }

    private static String unit(
            String what,
            List<String> command,
            Path directory,
            Path environmentFile,
            boolean system,
            String user,
            String behaviour) {
        return "[Unit]\n"
                + "Description=" + what + " (distributed-test)\n"
                + "Wants=network-online.target\n"
                + "After=network-online.target\n"
                + "\n[Service]\n"
                + "ExecStart=" + command.stream().map(SystemdUnit::argument).collect(Collectors.joining(" ")) + "\n"
                + "WorkingDirectory=" + path(directory) + "\n"
                + "EnvironmentFile=-" + path(environmentFile) + "\n"
                + (system && user != null ? "User=" + user + "\n" : "")
                + behaviour
                + "KillMode=mixed\n"
                // For a cgroup of each job's and worker's own.
                + "Delegate=yes\n"
                + "\n[Install]\n"
                + "WantedBy=" + (system ? "multi-user.target" : "default.target") + "\n";
    }

    /** One word of a command line, as systemd.service(5) has it: quoted, {@code %} and {@code $} doubled. */
    static String argument(String word) {
        String escaped = word.replace("\\", "\\\\")
                .replace("\"", "\\\"")
                .replace("%", "%%")
                .replace("$", "$$");
        return word.matches("[\\w@+=:,./-]+") ? word : '"' + escaped + '"';
    }

    /** A path that is the whole rest of a line: blanks stand for themselves, {@code %} is doubled. */
    private static String path(Path path) {
        return path.toString().replace("%", "%%");
    }
}
