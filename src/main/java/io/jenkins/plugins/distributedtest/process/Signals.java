package io.jenkins.plugins.distributedtest.process;

import java.util.Map;

/** Names of the signals that end processes. */
public final class Signals {
    /** Numbers as on Linux, x86 and ARM alike. */
    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(1, "HUP"),
            Map.entry(2, "INT"),
            Map.entry(3, "QUIT"),
            Map.entry(4, "ILL"),
            Map.entry(5, "TRAP"),
            Map.entry(6, "ABRT"),
            Map.entry(7, "BUS"),
            Map.entry(8, "FPE"),
            Map.entry(9, "KILL"),
            Map.entry(10, "USR1"),
            Map.entry(11, "SEGV"),
            Map.entry(12, "USR2"),
            Map.entry(13, "PIPE"),
            Map.entry(14, "ALRM"),
            Map.entry(15, "TERM"),
            Map.entry(24, "XCPU"),
            Map.entry(25, "XFSZ"),
            Map.entry(31, "SYS"));

    private Signals() {}

    /**
     * The signal behind an exit code of {@code 128 + n}, as {@link Process#exitValue()} gives it.
     *
     * @return a name without {@code SIG}, such as {@code KILL}; null if the code stands for no signal
     */
    public static String ofExitCode(int exitCode) {
        return exitCode > 128 ? NAMES.get(exitCode - 128) : null;
    }

    /**
     * The name of a signal by its number.
     *
     * @return a name without {@code SIG}; the number in decimal for one that has no name here
     */
    public static String name(int number) {
        return NAMES.getOrDefault(number, Integer.toString(number));
    }
}
