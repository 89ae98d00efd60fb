package io.jenkins.plugins.distributedtest.build;

import java.util.List;
import java.util.regex.Pattern;

/**
 * What is told of a class that was skipped as a whole, or has aborted in {@code @BeforeAll}: in reports of builds it is one
 * case, a case for each of its tests, or none. The values are those of {@code ContainerCases} in src/junit-runner.
 */
final class ContainerOptions {
    private static final List<String> ONE_CASE = of("container", "container");
    private static final Pattern OLD = Pattern.compile("[12]\\..*|3\\.0\\.0-M[1-3]");
    private static final Pattern MILESTONES = Pattern.compile("3\\.0\\.0-M[4-7]");
    private static final Pattern BEFORE_3_6 = Pattern.compile("3\\.[0-5]\\..*");

    private ContainerOptions() {}

    /** As a version of Surefire or Failsafe has it. */
    static List<String> ofSurefire(String version, SurefireProvider provider) {
        if (provider != SurefireProvider.PLATFORM || OLD.matcher(version).matches()) {
            return ONE_CASE;
        } else if (MILESTONES.matcher(version).matches()) {
            return of("container", "none");
        }
        return of("children", BEFORE_3_6.matcher(version).matches() ? "none" : "tests");
    }

    /** As Gradle has it. */
    static List<String> ofGradle(boolean byJUnit4) {
        return of("children", byJUnit4 ? "none" : "tests");
    }

    private static List<String> of(String skipped, String aborted) {
        return List.of("-Ddistributedtest.skipped=" + skipped, "-Ddistributedtest.aborted=" + aborted);
    }
}
