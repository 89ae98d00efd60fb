package io.jenkins.plugins.distributedtest.jenkins.job;

import hudson.model.Job;
import io.jenkins.plugins.distributedtest.report.JsonReport;
import io.jenkins.plugins.distributedtest.suite.FileReport;
import io.jenkins.plugins.distributedtest.suite.Quarantine;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/**
 * Takes runs into what their job knows over many builds. Builds of a job end at the same time, and steps of a build:
 * whoever adds a run reads again what is known, one at a time.
 */
public final class JobTrends {
    private static final Logger LOG = Logger.getLogger(JobTrends.class.getName());
    private static final Object LOCK = new Object();
    /** Of so many earlier runs of the same sources the reports are looked into: each may be large. */
    private static final int MOST_LOOKED_INTO = 5;

    private JobTrends() {}

    /**
     * Adds a run that has ended. May take a moment for a big one.
     *
     * @param job the job
     * @param build the build's number
     * @param title the run's title; possibly empty
     * @param tested what it tested
     * @param report all that came of it
     * @return tests in quarantine that have passed so often in a row that they are proposed for release, for people
     * @throws IOException if what is known cannot be read or written
     */
    public static List<String> add(Job<?, ?> job, int build, String title, Tested tested, RunReport report)
            throws IOException {
        synchronized (LOCK) {
            Path directory = job.getRootDir().toPath();
            JobTrend before = TrendFile.read(directory);
            if (before.runs().stream().anyMatch(run -> run.runId().equals(report.runId()))) {
                return List.of();
            }
            RunPoint run = RunPoint.of(build, title, tested, report);
            List<RunPoint> same = before.runs().stream().filter(run::isOfSame).toList();
            Set<String> last = same.subList(Math.max(0, same.size() - MOST_LOOKED_INTO), same.size()).stream()
                    .map(RunPoint::runId)
                    .collect(Collectors.toSet());
            Path builds = job.getBuildDir().toPath();
            JobTrend.Earlier earlier =
                    (one, tests) -> last.contains(one.runId()) ? passed(builds, one, tests) : Set.of();
            JobTrend after = before.after(run, report, earlier, quarantined(title, report));
            TrendFile.write(directory, after);
            return after.tests().stream()
                    .filter(test -> test.lastSeen() == build && test.isProposedForRelease())
                    .map(test -> test.test().file() + " :: " + test.test().words())
                    .toList();
        }
    }

    /** The tests of a run that were in quarantine. */
    static Set<TestName> quarantined(String title, RunReport report) {
        Set<TestName> tests = new HashSet<>();
        Map<String, List<Quarantine.Entry>> entries =
                report.quarantine().entries().stream().collect(Collectors.groupingBy(Quarantine.Entry::file));
        for (FileReport file : report.files()) {
            String path = file.file().path();
            for (Quarantine.Entry entry : entries.getOrDefault(path, List.of())) {
                if (entry.isWhole()) {
                    tests.add(TestName.whole(title, path));
                }
                file.attempts().stream()
                        .flatMap(attempt -> attempt.result().cases().stream())
                        .filter(test -> !entry.isWhole() && entry.covers(test))
                        .forEach(test -> tests.add(TestName.of(title, path, test)));
            }
        }
        return tests;
    }

    /** Which tests passed in an earlier run; none if its build was deleted. */
    private static Set<TestName> passed(Path builds, RunPoint run, Set<TestName> tests) {
        Path file = builds.resolve(Integer.toString(run.build()))
                .resolve("distributed-test")
                .resolve(run.runId() + ".json");
        if (!Files.isRegularFile(file)) {
            return Set.of();
        }
        try {
            Set<TestName> passed = new HashSet<>();
            RunFacts.of(run.title(), JsonReport.read(file), tests::contains)
                    .seen()
                    .forEach((test, shown) -> {
                        if (shown.stream().anyMatch(each -> !each.bad())) {
                            passed.add(test);
                        }
                    });
            return passed;
        } catch (IOException e) {
            LOG.log(Level.WARNING, "What passed in an earlier run is not known: " + file, e);
            return Set.of();
        }
    }
}
