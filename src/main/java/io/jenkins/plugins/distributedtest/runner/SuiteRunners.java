package io.jenkins.plugins.distributedtest.runner;

import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.suite.SubProject;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Which runners a suite needs, and which projects its files belong to. */
public final class SuiteRunners {
    /** More files without a runner than these are counted, not named. */
    private static final int NAMED = 10;

    private SuiteRunners() {}

    /**
     * Settles which project and which runner each file has, so that a suite that no listener could run is refused before
     * it starts.
     *
     * @param workspace the tree, in which sub-projects are looked for unless some are set
     * @param settings what is configured
     * @param ofBuild sub-projects that a build or a test tool has told of; they go before those that are found
     * @param files the suite
     * @return the settings, with the sub-projects that hold files, and the runners that files of the workspace itself
     *     use
     * @throws RunnerException if a file has no runner, or a project that is set has no directory; the message names the
     *     first such and the way out
     */
    public static RunnerSettings settle(
            Path workspace, RunnerSettings settings, List<SubProject> ofBuild, List<TestFile> files)
            throws RunnerException {
        RunnerSettings ruled = JavaScriptTools.known(workspace, settings, files);
        RunnerSettings told = ruled.projects() == null ? ruled.in(ofBuild) : ruled;
        check(told, files);
        RunnerSettings settled = ruled.projects() == null
                ? ruled.in(found(workspace, told, ofBuild, files))
                : ruled.in(holding(workspace, ruled, files));
        Set<String> used = new TreeSet<>();
        for (TestFile file : files) {
            if (settled.projectOf(file).directory().isEmpty()) {
                used.add(Runners.runnerFor(settled, file));
            }
        }
        return settled.using(used)
                .requiring(RubyRequires.among(workspace, settled, files))
                .confusing(PytestHomonyms.among(workspace, settled, files))
                .together(RubyTogether.of(settled, files));
    }

    /**
     * Checks that each file has a runner.
     *
     * @throws RunnerException if one has none
     */
    static void check(RunnerSettings settings, List<TestFile> files) throws RunnerException {
        List<String> without = new ArrayList<>();
        String why = "";
        for (TestFile file : files) {
            try {
                Runners.runnerFor(settings, file);
            } catch (RunnerException e) {
                why = without.isEmpty() ? e.getMessage() : why;
                without.add(file.path());
            }
        }
        if (!without.isEmpty()) {
            throw new RunnerException(why + others(without), "", false);
        }
    }

    /** Whether a runner takes a file. */
    public static boolean takes(RunnerSettings settings, TestFile file) {
        try {
            Runners.runnerFor(settings, file);
            return true;
        } catch (RunnerException e) {
            return false;
        }
    }

    private static List<SubProject> found(
            Path workspace, RunnerSettings settings, List<SubProject> ofBuild, List<TestFile> files)
            throws RunnerException {
        if (ofBuild.stream().anyMatch(SuiteRunners::takesAll)) {
            return ofBuild;
        }
        Set<String> told = new HashSet<>();
        ofBuild.forEach(project -> told.add(project.directory()));
        List<SubProject> all = new ArrayList<>(ofBuild);
        ProjectRoots.of(workspace, settings, files).stream()
                .filter(project -> !told.contains(project.directory()))
                .forEach(all::add);
        return all;
    }

    /** One command runs the whole tree, whatever projects lie below. */
    private static boolean takesAll(SubProject project) {
        return project.directory().isEmpty()
                && project.runner() != null
                && project.files().isEmpty();
    }

    /** Whether a file is run by a runner of this name; not if there is none for it. */
    public static boolean isRunBy(String runner, RunnerSettings settings, TestFile file) {
        try {
            return Runners.runnerFor(settings, file).equals(runner);
        } catch (RunnerException e) {
            return false;
        }
    }

    private static List<SubProject> holding(Path workspace, RunnerSettings settings, List<TestFile> files)
            throws RunnerException {
        for (SubProject project : settings.projects()) {
            if (!Files.isDirectory(workspace.resolve(project.directory()))) {
                throw new RunnerException(
                        "The project " + project + " has no directory in " + workspace + "; correct \"projects\".",
                        "",
                        false);
            }
        }
        Set<SubProject> used = new HashSet<>();
        files.forEach(file -> used.add(settings.projectOf(file)));
        return settings.projects().stream().filter(used::contains).toList();
    }

    private static String others(List<String> without) {
        if (without.size() == 1) {
            return "";
        }
        List<String> named = without.subList(1, Math.min(NAMED, without.size()));
        int rest = without.size() - 1 - named.size();
        return " The same goes for " + String.join(", ", named) + (rest > 0 ? " and " + rest + " more." : ".");
    }
}
