package io.jenkins.plugins.distributedtest.zuul.exec;

import io.jenkins.plugins.distributedtest.process.Signals;
import java.util.List;
import java.util.regex.Pattern;

/**
 * How a process ended.
 *
 * @param exitCode its exit code; 128 + n where signal n ended it
 * @param timedOut whether it was killed since it ran longer than it may
 * @param output the head and tail of what it printed
 */
public record ProcessExit(int exitCode, boolean timedOut, String output) {
    /** What rsync and scp say when ssh has already said why. */
    private static final Pattern CONSEQUENCE = Pattern.compile(
            "^rsync error:|^rsync: connection unexpectedly closed|^lost connection$|: Connection closed$"
                    + "|^fatal: Could not read from remote repository|^Please make sure you have the correct access rights"
                    + "|^and the repository exists");

    private static final String UNKNOWN_KEY = "Host key verification failed";

    /** Whether it ended by itself and well. */
    public boolean ok() {
        return exitCode == 0 && !timedOut;
    }

    /** The name of the signal that ended it, such as {@code KILL}; null if none did. */
    public String signal() {
        return timedOut ? "KILL" : Signals.ofExitCode(exitCode);
    }

    /** The number that Python's subprocess gives: the exit code, or minus the number of the signal. */
    public int returnCode() {
        return timedOut ? -9 : signal() == null ? exitCode : 128 - exitCode;
    }

    /** The last line of the output that says something, for an error message. */
    public String lastLine() {
        List<String> lines = output.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        if (lines.stream().anyMatch(line -> line.startsWith(UNKNOWN_KEY))) {
            return UNKNOWN_KEY + ": the known_hosts of this user do not have the host's key (ssh-keyscan shows it)";
        }
        List<String> telling =
                lines.stream().filter(line -> !CONSEQUENCE.matcher(line).find()).toList();
        return (telling.isEmpty() ? lines : telling)
                .stream()
                        .reduce((first, second) ->
                                second.startsWith("fatal:") || !first.startsWith("fatal:") ? second : first)
                        .map(line -> line.length() > 500 ? line.substring(0, 500) + "…" : line)
                        .map(TimedLog::withoutCredentials)
                        .orElse("no output");
    }
}
