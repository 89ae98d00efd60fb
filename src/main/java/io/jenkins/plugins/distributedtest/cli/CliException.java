package io.jenkins.plugins.distributedtest.cli;

/** A command cannot go on; the message is all that its user needs to see. */
final class CliException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    /** @param message what went wrong and the way out; the exit code is {@link ExitCode#ERROR} */
    CliException(String message) {
        this(ExitCode.ERROR, message);
    }

    /**
     * @param exitCode the exit code
     * @param message what went wrong and the way out
     */
    CliException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    /** What the process exits with. */
    int exitCode() {
        return exitCode;
    }
}
