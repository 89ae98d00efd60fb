package io.jenkins.plugins.distributedtest.zuul.source;

/** The sources could not be fetched, which may work another time: Zuul is to start the job anew. */
public class SourceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message what went wrong, without credentials */
    public SourceException(String message) {
        super(message);
    }
}
