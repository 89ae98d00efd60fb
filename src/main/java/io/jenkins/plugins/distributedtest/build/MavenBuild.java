package io.jenkins.plugins.distributedtest.build;

import io.jenkins.plugins.distributedtest.files.DirectoryTree;
import io.jenkins.plugins.distributedtest.process.BoundedText;
import io.jenkins.plugins.distributedtest.process.CommandResult;
import io.jenkins.plugins.distributedtest.process.Commands;
import io.jenkins.plugins.distributedtest.process.ProcessSpec;
import io.jenkins.plugins.distributedtest.suite.SuiteException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;

/**
 * A Maven build, asked for what it tests.
 *
 * <p>The story: {@code mvn test-compile} compiles the build where the sources are, with an extension inside of it
 * (src/maven-extension) that writes down each execution of Surefire and Failsafe that {@code mvn verify} would run, with
 * its class path and resolved parameters. {@link ModuleTests} makes sub-projects of these, {@link ClassPathJars} lets the
 * jars travel with the tree. So a listener needs neither Maven nor its repository.
 */
public final class MavenBuild {
    /** How long the build may take to compile. */
    public static final Duration TIMEOUT = Duration.ofMinutes(60);

    private static final String EXTENSION = "maven-extension.jar";
    private static final int SHOWN = 8000;

    private MavenBuild() {}

    /** Whether a directory is a Maven build. */
    public static boolean isIn(Path directory) {
        return Files.isRegularFile(directory.resolve("pom.xml"));
    }

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
    public static BuildTests resolve(Path directory, List<String> maven, Map<String, String> environment)
            throws SuiteException, IOException {
        Path root = directory.toRealPath();
        Path work = Files.createTempDirectory("distributed-test-maven");
        Path extension = work.resolve(EXTENSION);
        Path plan = work.resolve("plan.properties");
        try {
            try (InputStream in = Objects.requireNonNull(MavenBuild.class.getResourceAsStream(EXTENSION), EXTENSION)) {
                Files.copy(in, extension);
            }
            build(root, command(root, maven, extension, plan), environment);
            if (!Files.isRegularFile(plan)) {
                throw new SuiteException("Maven did not say what it tests: version 3.8 or later is needed");
            }
            Properties properties = new Properties();
            try (InputStream in = Files.newInputStream(plan)) {
                properties.load(in);
            }
            return ModuleTests.of(root, TestExecution.all(properties));
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

    private static void build(Path root, List<String> command, Map<String, String> environment) throws SuiteException {
        String told = command.get(0) + " test-compile";
        try {
            CommandResult result = Commands.run(
                    ProcessSpec.of(command)
                            .directory(root)
                            .environment(environment)
                            .marker("maven-" + ProcessHandle.current().pid() + "-" + System.nanoTime()),
                    TIMEOUT);
            if (!result.ok()) {
                throw new SuiteException("The Maven build cannot be tested, since " + told + " " + result.ending()
                        + ":\n" + BoundedText.cut(result.output(), SHOWN).strip());
            }
        } catch (IOException e) {
            throw new SuiteException(
                    told + " cannot be run in " + root + ": " + e.getMessage() + ". Install Maven, say where it is by"
                            + " \"runners\": {\"interpreters\": {\"maven\": [\"/path/to/mvn\"]}}, or set"
                            + " runners.class_path and files yourself.",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SuiteException(told + " was interrupted", e);
        }
    }
}
