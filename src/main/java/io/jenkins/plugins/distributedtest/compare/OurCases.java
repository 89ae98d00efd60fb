package io.jenkins.plugins.distributedtest.compare;

import io.jenkins.plugins.distributedtest.suite.Attempt;
import io.jenkins.plugins.distributedtest.suite.CaseStatus;
import io.jenkins.plugins.distributedtest.suite.FileReport;
import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.suite.TestCase;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Function;

/** The cases of a run of ours, in the form in which they are compared. */
final class OurCases {
    /** Starts are known by when messages have come, so files that seem to have missed each other by seconds may have met. */
    private static final double NEAR = 2;

    private final RunReport report;
    private final Function<TestFile, String> runnerOf;

    /**
     * @param report the run
     * @param runnerOf the name of a file's runner, for those that never ran
     */
    OurCases(RunReport report, Function<TestFile, String> runnerOf) {
        this.report = report;
        this.runnerOf = runnerOf;
    }

    /** All cases; a file that is bad as a whole, or did not run, is one more. */
    List<ComparedCase> all() {
        List<ComparedCase> cases = new ArrayList<>();
        report.files().forEach(file -> add(file, cases));
        return cases;
    }

    private void add(FileReport report, List<ComparedCase> into) {
        TestFile file = report.file();
        if (report.attempts().isEmpty()) {
            into.add(whole(runnerOf.apply(file), file, "It did not run."));
            return;
        }
        FileResult result = report.last().result();
        String runner = runnerOf.apply(file);
        for (TestCase each : result.cases()) {
            into.add(compared(runner, file, each));
        }
        if (result.status().isBad()
                && result.cases().stream().noneMatch(each -> each.status().isBad())) {
            into.add(whole(runner, file, result.message()));
        }
    }

    private static ComparedCase compared(String runner, TestFile file, TestCase each) {
        // A Python file that leaves all its tests out is told of by its path.
        boolean whole = each.name().equals(file.path()) && each.className().equals(CaseFiles.dotted(file.path()))
                || (runner.equals("unittest") || runner.equals("django"))
                        && each.name().endsWith(".py")
                        && file.path().endsWith(each.name());
        String message = each.failure() == null ? "" : each.failure().message();
        String group = whole ? CaseFiles.dotted(file.path()) : each.className();
        return new ComparedCase(runner, file, group, whole ? CaseFiles.WHOLE : each.name(), each.status(), message);
    }

    /** What stands for a file that is bad as a whole. */
    static ComparedCase whole(String runner, TestFile file, String message) {
        return new ComparedCase(
                runner, file, CaseFiles.dotted(file.path()), CaseFiles.WHOLE, CaseStatus.ERROR, message);
    }

    /** The files that ran before a file on its slot, the first first. */
    List<TestFile> before(TestFile file) {
        return others(
                file,
                (attempt, other) ->
                        other.worker().equals(attempt.worker()) && other.startOffset() < attempt.startOffset());
    }

    /** The files that ran on other slots while a file did, the first first. */
    List<TestFile> beside(TestFile file) {
        return others(
                file,
                (attempt, other) -> !other.worker().equals(attempt.worker())
                        && other.startOffset() < end(attempt) + NEAR
                        && end(other) > attempt.startOffset() - NEAR);
    }

    private static double end(Attempt attempt) {
        return attempt.startOffset() + attempt.result().seconds();
    }

    /** The files whose last attempt has to do with that of a file, by its start; none if the file never ran. */
    private List<TestFile> others(TestFile file, BiPredicate<Attempt, Attempt> related) {
        return report.files().stream()
                .filter(each -> each.file().equals(file) && !each.attempts().isEmpty())
                .map(FileReport::last)
                .flatMap(attempt -> report.files().stream()
                        .filter(each -> !each.attempts().isEmpty() && related.test(attempt, each.last())))
                .sorted(Comparator.comparingDouble(each -> each.last().startOffset()))
                .map(FileReport::file)
                .toList();
    }
}
