package io.jenkins.plugins.distributedtest.zuul.source;

/** No place could be reached where the sources are: what fails for one job will fail for the next. */
public final class UnreachableException extends SourceException {
    private static final long serialVersionUID = 1L;

    /** @param message what went wrong, without credentials */
    public UnreachableException(String message) {
        super(message);
    }
}
