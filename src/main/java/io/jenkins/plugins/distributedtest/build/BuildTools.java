package io.jenkins.plugins.distributedtest.build;

import java.nio.file.Files;
import java.nio.file.Path;

/** What starts a build tool. */
public final class BuildTools {
    private BuildTools() {}

    /** Maven: the wrapper of a build if it has one, else the installed one. */
    public static String maven(Path build) {
        return wrapperOr(build, "mvnw", "mvn");
    }

    /** Gradle: the wrapper of a build if it has one, else the installed one. */
    public static String gradle(Path build) {
        return wrapperOr(build, "gradlew", "gradle");
    }

    private static String wrapperOr(Path build, String wrapper, String installed) {
        Path file = build.resolve(wrapper);
        return Files.isExecutable(file) ? file.toString() : installed;
    }
}
