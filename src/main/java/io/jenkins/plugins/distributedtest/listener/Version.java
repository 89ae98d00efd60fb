package io.jenkins.plugins.distributedtest.listener;

/** The version of this program. */
final class Version {
    private Version() {}

    /** As the jar says; {@code development} outside of one. */
    static String get() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
