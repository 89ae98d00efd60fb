package io.jenkins.plugins.distributedtest.listener;

/** The version of this program. */
final class ProgramVersion {
    private ProgramVersion() {}

    /** As the jar says; {@code development} outside of one. */
    static String get() {
        String version = ProgramVersion.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
