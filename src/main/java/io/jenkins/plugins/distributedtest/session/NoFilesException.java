package io.jenkins.plugins.distributedtest.session;

import io.jenkins.plugins.distributedtest.config.ConfigException;

/** Nothing says which files are the suite. */
public final class NoFilesException extends ConfigException {
    private static final long serialVersionUID = 1L;

    /** @param message names the way out */
    NoFilesException(String message) {
        super(message);
    }
}
