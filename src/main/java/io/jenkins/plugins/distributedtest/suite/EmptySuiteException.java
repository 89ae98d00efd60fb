package io.jenkins.plugins.distributedtest.suite;

import java.util.List;

/** There is no file to run; the message says which globs matched nothing. */
public final class EmptySuiteException extends SuiteException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> globs;

    /**
     * @param message what a person reads
     * @param globs the globs that matched nothing, as they were given; empty if the suite was a list
     */
    public EmptySuiteException(String message, List<String> globs) {
        super(message);
        this.globs = List.copyOf(globs);
    }

    /** The globs that matched nothing, as they were given. */
    public List<String> globs() {
        return globs == null ? List.of() : globs;
    }
}
