package io.jenkins.plugins.distributedtest.config;

/** A file that holds configuration. */
public enum ConfigFile {
    /** Gorgon's configuration of an originator. */
    GORGON("gorgon.json"),
    /** Merged over {@link #GORGON}: what should not be in version control. */
    GORGON_SECRET("gorgon_secret.json"),
    /** Gorgon's configuration of a listener. */
    GORGON_LISTENER("gorgon_listener.json"),
    /** Ours, for originators and listeners; comments and trailing commas are allowed. */
    OURS("distributed-test.json");

    private final String fileName;

    ConfigFile(String fileName) {
        this.fileName = fileName;
    }

    /** The file's name. */
    public String fileName() {
        return fileName;
    }

    /** Whether the file is one that Gorgon reads too, and whose unknown keys are therefore none of our business. */
    public boolean isGorgons() {
        return this != OURS;
    }
}
