package io.jenkins.plugins.distributedtest.cli;

/** Exit codes, Gorgon's and the one that shells use for a command ended by Ctrl-C. */
public final class ExitCode {
    /** All passed, or the command did what it was asked to. */
    public static final int OK = 0;
    /** Tests failed. */
    public static final int FAILURES = 1;
    /** The sources could not be offered to listeners. */
    public static final int SYNC_FAILED = 2;
    /** Anything else: usage, configuration, no broker, no listener, a timeout of the run. */
    public static final int ERROR = 3;
    /** {@code compare}: the two sides differ. */
    public static final int DIFFERENT = 4;
    /** Cancelled by Ctrl-C or SIGTERM. */
    public static final int CANCELLED = 130;

    private ExitCode() {}
}
