package io.jenkins.plugins.distributedtest.build;

import io.jenkins.plugins.distributedtest.files.DirectoryTree;
import io.jenkins.plugins.distributedtest.suite.SuiteException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A Gradle build, asked for what it tests.
 *
 * <p>The story: {@code gradle check} with an init script ({@code plan.gradle}, which tells its own story) compiles the
 * build where the sources are, runs no test, and writes down each Test task that would run. {@link TaskTests} makes
 * sub-projects of these, {@link ClassPathJars} lets the jars travel with the tree. So a listener needs neither Gradle nor
 * its caches.
 */
final class GradleBuild {
    private static final String SCRIPT = "plan.gradle";

    private GradleBuild() {}

    /** What {@code gradle check} would test; see {@link BuildKind#resolve}. */
    static BuildTests resolve(Path root, List<String> gradle, Map<String, String> environment)
            throws SuiteException, IOException {
        Path work = Files.createTempDirectory("distributed-test-gradle").toRealPath();
        Path script = work.resolve(SCRIPT);
        Path plan = Files.createDirectory(work.resolve("plan"));
        try {
            try (InputStream in = Objects.requireNonNull(GradleBuild.class.getResourceAsStream(SCRIPT), SCRIPT)) {
                Files.copy(in, script);
            }
            new BuildCommand("Gradle", "check", command(gradle, script, plan)).run(root, environment);
            return TaskTests.of(root, TestExecution.in(plan));
        } finally {
            DirectoryTree.delete(work);
        }
    }

    private static List<String> command(List<String> gradle, Path script, Path plan) {
        List<String> command = new ArrayList<>(gradle);
        command.addAll(List.of(
                "-q",
                "--console=plain",
                // Where there is a configuration cache, what it remembers would be without the script.
                "-Dorg.gradle.configuration-cache=false",
                "-Dorg.gradle.unsafe.configuration-cache=false",
                "-Dorg.gradle.unsafe.isolated-projects=false",
                "--init-script",
                script.toString(),
                "-Ddistributedtest.plan=" + plan,
                "check"));
        return command;
    }
}
