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
        return "[Unit]\n"
                + "Description=Zuul executor (distributed-test)\n"
                + "Wants=network-online.target\n"
                + "After=network-online.target\n"
                + "\n[Service]\n"
                + "ExecStart=" + command.stream().map(SystemdUnit::argument).collect(Collectors.joining(" ")) + "\n"
                + "ExecReload=/bin/kill -HUP $MAINPID\n"
                + "WorkingDirectory=" + path(directory) + "\n"
                + "EnvironmentFile=-" + path(environmentFile) + "\n"
                + (system && user != null ? "User=" + user + "\n" : "")
                + "Restart=on-failure\n"
                + "RestartSec=5\n"
                // Above the longest job: what still runs then is killed, and Zuul starts it anew elsewhere.
                + "TimeoutStopSec=" + stopSeconds + "\n"
                + "KillMode=mixed\n"
                + "\n[Install]\n"
                + "WantedBy=" + (system ? "multi-user.target" : "default.target") + "\n";
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
    static String text(List<String> command, Path directory, Path environmentFile, boolean system, String user) {
        return "[Unit]\n"
                + "Description=Test listener (distributed-test)\n"
                + "Wants=network-online.target\n"
                + "After=network-online.target\n"
                + "\n[Service]\n"
                + "ExecStart=" + command.stream().map(SystemdUnit::argument).collect(Collectors.joining(" ")) + "\n"
                + "WorkingDirectory=" + path(directory) + "\n"
                + "EnvironmentFile=-" + path(environmentFile) + "\n"
                + (system && user != null ? "User=" + user + "\n" : "")
                + "Restart=always\n"
                + "RestartSec=5\n"
                // Whoever shuts down gives the listener the time to hand its files back.
                + "TimeoutStopSec=30\n"
                + "KillMode=mixed\n"
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
