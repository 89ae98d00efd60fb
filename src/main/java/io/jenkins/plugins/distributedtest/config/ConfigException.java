package io.jenkins.plugins.distributedtest.config;

/**
 * The configuration cannot be used. The message names the place (file, environment variable or option), the key where
 * there is one, and the way out; it never holds the value of a secret.
 */
public class ConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param message what is wrong, where, and what would be right */
    public ConfigException(String message) {
        super(message);
    }
}
