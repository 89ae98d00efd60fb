package io.jenkins.plugins.distributedtest.cli;

import io.jenkins.plugins.distributedtest.config.Configuration;
import io.jenkins.plugins.distributedtest.config.ListenerConfiguration;
import io.jenkins.plugins.distributedtest.config.RunConfiguration;
import io.jenkins.plugins.distributedtest.files.DirectoryTree;
import io.jenkins.plugins.distributedtest.runner.RunnerException;
import io.jenkins.plugins.distributedtest.runner.Runners;
import io.jenkins.plugins.distributedtest.session.ProjectRun;
import io.jenkins.plugins.distributedtest.session.SuiteChoice;
import io.jenkins.plugins.distributedtest.suite.FileReport;
import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A first run of a configuration that nobody has used yet: some files of each framework and project, on this machine alone,
 * through a broker and a listener of its own.
 */
final class Trial {
    /** A project that takes longer to begin with its tests is not tried to the end. */
    private static final String LIMIT = "10m";

    private final Path project;
    private final String configuration;

    /**
     * @param project the project's directory
     * @param configuration the text of its configuration file
     */
    Trial(Path project, String configuration) {
        this.project = project;
        this.configuration = configuration;
    }

    /**
     * What came of a framework in a project.
     *
     * @param works whether tests of it ran, well or not
     * @param told what ran, or what went wrong, with the framework and the project, for people
     */
    record Tried(boolean works, String told) {}

    /**
     * Runs them.
     *
     * @return a line for each framework and project
     * @throws InterruptedException if this thread is interrupted; no process of the trial is left then
     * @throws Exception if nothing can be run; the message says why
     */
    List<Tried> run() throws Exception {
        Path scratch = Files.createTempDirectory("distributed-test-init-");
        try {
            Path file = Files.writeString(scratch.resolve("distributed-test.json"), configuration);
            return run(Configuration.load(
                    project,
                    file,
                    Configuration.Role.ORIGINATOR,
                    System.getenv(),
                    List.of("retries=0", "fail_fast=0", "protocol=native", "run_timeout=" + LIMIT)));
        } finally {
            DirectoryTree.delete(scratch);
        }
    }

    private List<Tried> run(Configuration read) throws Exception {
        RunConfiguration run = RunConfiguration.from(read);
        ProjectRun suite = ProjectRun.read(read, run, SuiteChoice.configured("name them"));
        if (suite.files().isEmpty()) {
            return List.of();
        }
        Map<String, List<TestFile>> parts = parts(suite);
        Set<TestFile> chosen = new LinkedHashSet<>();
        parts.values().forEach(chosen::addAll);
        try (LocalRuns runs =
                new LocalRuns(run, suite, ListenerConfiguration.from(read).settings())) {
            RunReport report = runs.run(List.copyOf(chosen), LocalRuns.Way.ONE_SLOT);
            List<Tried> tried = new ArrayList<>();
            parts.forEach((part, files) -> tried.add(tried(part, report, files)));
            return tried;
        }
    }

    /** Files of each framework and project. */
    private Map<String, List<TestFile>> parts(ProjectRun suite) throws RunnerException, IOException {
        RunnerSettings runners = suite.settings().runners();
        Map<String, List<TestFile>> all = new TreeMap<>();
        for (TestFile file : suite.files()) {
            String directory = runners.projectOf(file).directory();
            String part = Runners.runnerFor(runners, file) + (directory.isEmpty() ? "" : " in " + directory);
            all.computeIfAbsent(part, p -> new ArrayList<>()).add(file);
        }
        for (Map.Entry<String, List<TestFile>> part : all.entrySet()) {
            part.setValue(some(part.getValue()));
        }
        return all;
    }

    /** Up to three, neither the smallest, which may hold no test, nor the largest. */
    private List<TestFile> some(List<TestFile> files) throws IOException {
        Map<TestFile, Long> sizes = new TreeMap<>();
        // A package of Go may have none, and says so by the name of the file that stands for it.
        List<TestFile> tests = files.stream()
                .filter(file -> !file.path().endsWith(".go") || file.path().endsWith("_test.go"))
                .toList();
        for (TestFile file : tests.isEmpty() ? files : tests) {
            Path path = project.resolve(file.path());
            sizes.put(file, Files.isRegularFile(path) ? Files.size(path) : 0L);
        }
        List<TestFile> sorted =
                sizes.keySet().stream().sorted(Comparator.comparing(sizes::get)).toList();
        int count = sorted.size();
        return List.copyOf(
                new LinkedHashSet<>(List.of(sorted.get(count / 2), sorted.get(count / 4), sorted.get(count * 3 / 4))));
    }

    private static Tried tried(String part, RunReport report, List<TestFile> files) {
        List<FileReport> reports = report.files().stream()
                .filter(each -> files.contains(each.file()) && !each.attempts().isEmpty())
                .toList();
        for (FileReport each : reports) {
            FileResult result = each.last().result();
            if (!result.cases().isEmpty()) {
                return new Tried(true, part + ": " + each.file().path() + ", " + cases(result));
            }
        }
        return new Tried(
                false,
                part + ": "
                        + reports.stream()
                                .filter(each -> each.last().result().status().isBad())
                                .findFirst()
                                .map(each -> each.file().path() + ": "
                                        + each.last().result().message())
                                .orElseGet(() -> "no tests in "
                                        + String.join(
                                                ", ",
                                                files.stream()
                                                        .map(TestFile::path)
                                                        .toList())));
    }

    private static String cases(FileResult result) {
        long bad = result.cases().stream().filter(each -> each.status().isBad()).count();
        int all = result.cases().size();
        return all + (all == 1 ? " test" : " tests") + (bad == 0 ? "" : ", " + bad + " failed");
    }
}
