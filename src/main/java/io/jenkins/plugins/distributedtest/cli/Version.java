package io.jenkins.plugins.distributedtest.cli;

import picocli.CommandLine.IVersionProvider;

/** The version in the jar's manifest. */
final class Version implements IVersionProvider {
    Version() {}

    /** The version; {@code development} when classes do not come from a jar. */
    static String text() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    @Override
    public String[] getVersion() {
        return new String[] {
            "distributed-test " + text() + " (Java " + Runtime.version().feature() + ")"
        };
    }
}
