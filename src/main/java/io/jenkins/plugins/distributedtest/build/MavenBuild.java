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
import java.util.regex.Pattern;

/**
 * A Maven build, asked for what it tests.
 *
 * <p>The story: {@code mvn process-test-classes} compiles the build where the sources are, with an extension inside of it
 * (src/maven-extension) that writes down each execution of Surefire and Failsafe that {@code mvn verify} would run, with
 * its class path and resolved parameters. Where there are tests of Failsafe, or modules compile only against the archives
 * of others, it is {@code mvn package}; the extension lets Surefire skip. {@link ModuleTests} makes sub-projects of the
 * executions, {@link ClassPathJars} lets the jars travel with the tree. So a listener needs neither Maven nor its
 * repository.
 */
final class MavenBuild {
    private static final String EXTENSION = "maven-extension.jar";
    private static final String CLASSES = "process-test-classes";
    private static final String ARCHIVES = "package";

    /** What Maven and the compiler say where a module cannot be had without its archive. */
    private static final Pattern LACKS_ARCHIVE =
            Pattern.compile("Could not resolve dependencies|has not been packaged yet|module not found");

    private final Path root;
    private final List<String> maven;
    private final Map<String, String> environment;
    private final Path work;

    private MavenBuild(Path root, List<String> maven, Map<String, String> environment, Path work) {
        this.root = root;
        this.maven = maven;
        this.environment = environment;
        this.work = work;
    }

    /**
     * Compiles the build and asks it.
     *
     * @param root the build's root, absolute and without links in it
     * @param maven the command that starts Maven
     * @param environment variables for Maven, on top of this process's
     * @return what {@code mvn verify} would test
     * @throws SuiteException if it does not compile, or Maven cannot be started; the message holds what Maven said
     * @throws IOException if the file system fails
     */
    static BuildTests resolve(Path root, List<String> maven, Map<String, String> environment)
            throws SuiteException, IOException {
        Path work = Files.createTempDirectory("distributed-test-maven");
        try {
            return ModuleTests.of(root, new MavenBuild(root, maven, environment, work).executions());
        } finally {
            DirectoryTree.delete(work);
        }
    }

    private List<TestExecution> executions() throws SuiteException, IOException {
        try (InputStream in = Objects.requireNonNull(MavenBuild.class.getResourceAsStream(EXTENSION), EXTENSION)) {
            Files.copy(in, work.resolve(EXTENSION));
        }
        List<TestExecution> executions;
        try {
            executions = asked(CLASSES);
        } catch (SuiteException e) {
            if (!LACKS_ARCHIVE.matcher(e.getMessage()).find()) {
                throw e;
            }
            return asked(ARCHIVES);
        }
        return ModuleTests.needArchives(root, executions) ? asked(ARCHIVES) : executions;
    }

    private List<TestExecution> asked(String phase) throws SuiteException, IOException {
        Path plan = work.resolve(phase + ".properties");
        List<String> command = new ArrayList<>(maven);
        command.addAll(List.of(
                "-B",
                "-q",
                "-Dstyle.color=never",
                "-Dmaven.ext.class.path=" + work.resolve(EXTENSION),
                "-Ddistributedtest.plan=" + plan,
                phase));
        new BuildCommand("Maven", phase, command).run(root, environment);
        if (!Files.isRegularFile(plan)) {
            throw new SuiteException("Maven did not say what it tests: version 3.8 or later is needed");
        }
        return TestExecution.all(TestExecution.read(plan));
    }
}
