package io.jenkins.plugins.distributedtest.build;

import io.jenkins.plugins.distributedtest.suite.SuiteException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The build tools that can say themselves what they test. */
public enum BuildKind {
    /** Maven: {@code mvn verify}. */
    MAVEN("Maven", "maven", "mvn", List.of("pom.xml")) {
        @Override
        BuildTests ask(Path root, List<String> command, Map<String, String> environment)
                throws SuiteException, IOException {
            return MavenBuild.resolve(root, command, environment);
        }
    },
    /** Gradle: {@code gradle check}. */
    GRADLE(
            "Gradle",
            "gradle",
            "gradle",
            List.of("settings.gradle", "settings.gradle.kts", "build.gradle", "build.gradle.kts")) {
        @Override
        BuildTests ask(Path root, List<String> command, Map<String, String> environment)
                throws SuiteException, IOException {
            return GradleBuild.resolve(root, command, environment);
        }
    };

    private final String label;
    private final String interpreter;
    private final String installed;
    private final List<String> files;

    BuildKind(String label, String interpreter, String installed, List<String> files) {
        this.label = label;
        this.interpreter = interpreter;
        this.installed = installed;
        this.files = files;
    }

    /** Its name, for people. */
    public String label() {
        return label;
    }

    /** Whether a directory is the root of such a build, or of a module of one. */
    public boolean isIn(Path directory) {
        return files.stream().anyMatch(name -> Files.isRegularFile(directory.resolve(name)));
    }

    /**
     * The build of a directory: where it is of both kinds, Maven's, unless only Gradle's command is set.
     *
     * @param interpreters the commands that are set, by name
     */
    public static Optional<BuildKind> of(Path directory, Map<String, List<String>> interpreters) {
        List<BuildKind> kinds =
                Stream.of(values()).filter(kind -> kind.isIn(directory)).toList();
        return kinds.stream()
                .filter(kind -> interpreters.containsKey(kind.interpreter))
                .findFirst()
                .or(() -> kinds.stream().findFirst());
    }

    /**
     * The command that starts it: the one that is set, else the build's wrapper, else the tool by its name.
     *
     * @param build the build's root
     * @param interpreters the commands that are set, by name
     */
    public List<String> command(Path build, Map<String, List<String>> interpreters) {
        List<String> set = interpreters.getOrDefault(interpreter, List.of());
        Path wrapper = build.resolve(installed + "w");
        return !set.isEmpty() ? set : List.of(Files.isExecutable(wrapper) ? wrapper.toString() : installed);
    }

    /**
     * Compiles the build and asks what it tests.
     *
     * @param directory the build's root
     * @param interpreters the commands that are set, by name
     * @param environment variables for it, on top of this process's
     * @throws SuiteException if it does not compile, or its tool cannot be started; the message holds what that said
     * @throws IOException if the file system fails
     */
    public BuildTests resolve(Path directory, Map<String, List<String>> interpreters, Map<String, String> environment)
            throws SuiteException, IOException {
        Path root = directory.toRealPath();
        return ask(root, command(root, interpreters), environment);
    }

    abstract BuildTests ask(Path root, List<String> command, Map<String, String> environment)
            throws SuiteException, IOException;
}
