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
 * A Maven build, asked for what it tests.
 *
 * <p>The story: {@code mvn test-compile} compiles the build where the sources are, with an extension inside of it
 * (src/maven-extension) that writes down each execution of Surefire and Failsafe that {@code mvn verify} would run, with
 * its class path and resolved parameters. {@link ModuleTests} makes sub-projects of these, {@link ClassPathJars} lets the
 * jars travel with the tree. So a listener needs neither Maven nor its repository.
 */
final class MavenBuild {
    private static final String EXTENSION = "maven-extension.jar";

    private MavenBuild() {}

    /**
     * Compiles the build and asks it.
     *
     * @param directory the build's root
     * @param maven the command that starts Maven; empty for the build's own wrapper, or else {@code mvn}
     * @param environment variables for Maven, on top of this process's
     * @return what {@code mvn verify} would test
     * @throws SuiteException if it does not compile, or Maven cannot be started; the message holds what Maven said
     * @throws IOException if the file system fails
     */
    static BuildTests resolve(Path directory, List<String> maven, Map<String, String> environment)
            throws SuiteException, IOException {
        Path root = directory.toRealPath();
        Path work = Files.createTempDirectory("distributed-test-maven");
        Path extension = work.resolve(EXTENSION);
        Path plan = work.resolve("plan.properties");
        try {
            try (InputStream in = Objects.requireNonNull(MavenBuild.class.getResourceAsStream(EXTENSION), EXTENSION)) {
                Files.copy(in, extension);
            }
            new BuildCommand("Maven", "test-compile", command(root, maven, extension, plan)).run(root, environment);
            if (!Files.isRegularFile(plan)) {
                throw new SuiteException("Maven did not say what it tests: version 3.8 or later is needed");
            }
            return ModuleTests.of(root, TestExecution.all(TestExecution.read(plan)));
        } finally {
            DirectoryTree.delete(work);
        }
    }

    private static List<String> command(Path root, List<String> maven, Path extension, Path plan) {
        List<String> command = new ArrayList<>(maven.isEmpty() ? List.of(BuildTools.maven(root)) : maven);
        command.addAll(List.of(
                "-B",
                "-q",
                "-Dstyle.color=never",
                "-Dmaven.ext.class.path=" + extension,
                "-Ddistributedtest.plan=" + plan,
                "test-compile"));
        return command;
    }
}
