package io.jenkins.plugins.distributedtest.build;

import io.jenkins.plugins.distributedtest.files.Glob;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.suite.SubProject;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Puts together what the executions or tasks of a build test. */
final class CollectedTests {
    private static final String JUNIT = "junit";

    private final List<SubProject> projects = new ArrayList<>();
    private final Set<TestFile> files = new LinkedHashSet<>();
    private final Set<String> claimed = new HashSet<>();
    private final List<String> warnings = new ArrayList<>();

    /** A path relative to another, as files of a suite are named. */
    static String relative(Path from, Path to) {
        return from.relativize(to).toString().replace('\\', '/');
    }

    /**
     * Where and how an execution's or task's tests run.
     *
     * @param directory the directory that they run in, relative to the root
     * @param jvm the program that runs them; empty for the listener's
     * @param classPath relative to the root
     * @param processPerFile whether no JVM runs a second file
     */
    static SubProject project(
            String directory,
            String jvm,
            List<String> options,
            List<String> classPath,
            boolean processPerFile,
            Map<String, String> environment) {
        RunnerSettings settings = new RunnerSettings(
                        null,
                        jvm.isEmpty() ? null : Map.of("java", List.of(jvm)),
                        Map.of(JUNIT, options),
                        null,
                        classPath,
                        null,
                        null)
                .isolated(processPerFile ? Map.of(JUNIT, "file") : Map.of());
        return new SubProject(directory, JUNIT, settings, environment);
    }

    /** Something that people should know before the run. */
    void warn(String warning) {
        warnings.add(warning);
    }

    /** Says what of an execution is not carried over, if anything. */
    void warnLeft(String name, List<String> left) {
        if (!left.isEmpty()) {
            warn("Of " + name + " these are not carried over: " + String.join(", ", left));
        }
    }

    /** Whether a file is in the suite already. */
    boolean has(TestFile file) {
        return files.contains(file);
    }

    /**
     * Adds an execution. The first of a directory of sources takes what else is in there, since somebody may name such a
     * file; the others have just the files that no execution before them has.
     *
     * @param name its name, for people
     * @param project where and how its tests run
     * @param own its test files, in the project's directory
     * @param directories its directories of test sources, relative to the project's directory
     */
    void add(String name, SubProject project, List<TestFile> own, List<String> directories) {
        boolean first = directories.stream().noneMatch(each -> claimed.contains(project.directory() + "/" + each));
        List<String> globs = new ArrayList<>();
        for (String each : first ? directories : List.<String>of()) {
            claimed.add(project.directory() + "/" + each);
            globs.add(each.isEmpty() ? "**/*" : Glob.literal(each) + "/**/*");
        }
        for (TestFile file : own) {
            if (!files.add(file)) {
                warn(name + " runs " + file + " once more, which is left out");
                continue;
            }
            String path = project.below(file).path();
            if (!first || directories.stream().noneMatch(each -> each.isEmpty() || path.startsWith(each + "/"))) {
                globs.add(Glob.literal(path));
            }
        }
        if (first) {
            projects.add(project.of(globs));
        } else if (!globs.isEmpty()) {
            projects.add(0, project.of(globs));
        }
    }

    /** All that was added. */
    BuildTests all() {
        return new BuildTests(projects, List.copyOf(files), warnings);
    }
}
