package io.jenkins.plugins.distributedtest.jenkins.build;

import java.util.List;
import java.util.function.ToIntFunction;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** The counts of one run or of several, for the REST API. Of a file's tests those of its last attempt count. */
@ExportedBean(defaultVisibility = 3)
public final class RunTotals {
    private final List<RunSummary.Counts> all;

    private RunTotals(List<RunSummary.Counts> all) {
        this.all = all;
    }

    static RunTotals of(RunSummary.Counts counts) {
        return new RunTotals(List.of(counts));
    }

    static RunTotals sum(List<RunTotals> several) {
        return new RunTotals(several.stream().flatMap(one -> one.all.stream()).toList());
    }

    private int add(ToIntFunction<RunSummary.Counts> number) {
        return all.stream().mapToInt(number).sum();
    }

    /** Files in all. */
    @Exported
    public int getFiles() {
        return add(RunSummary.Counts::files);
    }

    /** Files that passed at once. */
    @Exported
    public int getPassed() {
        return add(RunSummary.Counts::passed);
    }

    /** Files that passed on a retry. */
    @Exported
    public int getFlaky() {
        return add(RunSummary.Counts::flaky);
    }

    /** Files that passed without a single test. */
    @Exported
    public int getNoTests() {
        return add(RunSummary.Counts::noTests);
    }

    /** Files that failed. */
    @Exported
    public int getFailed() {
        return add(RunSummary.Counts::failed);
    }

    /** Files that ran longer than allowed. */
    @Exported
    public int getTimedOut() {
        return add(RunSummary.Counts::timedOut);
    }

    /** Files that took their worker down. */
    @Exported
    public int getCrashed() {
        return add(RunSummary.Counts::crashed);
    }

    /** Files among those that failed in which nothing failed that is not in quarantine. */
    @Exported
    public int getInQuarantine() {
        return add(RunSummary.Counts::inQuarantine);
    }

    /** Files without a result. */
    @Exported
    public int getUnfinished() {
        return add(RunSummary.Counts::unfinished);
    }

    /** Test cases in all. */
    @Exported
    public int getCases() {
        return add(RunSummary.Counts::cases);
    }

    /** Test cases that passed. */
    @Exported
    public int getCasesPassed() {
        return add(RunSummary.Counts::casesPassed);
    }

    /** Test cases that failed. */
    @Exported
    public int getCasesFailed() {
        return add(RunSummary.Counts::casesFailed);
    }

    /** Test cases with an error. */
    @Exported
    public int getCasesError() {
        return add(RunSummary.Counts::casesError);
    }

    /** Test cases that were left out. */
    @Exported
    public int getCasesSkipped() {
        return add(RunSummary.Counts::casesSkipped);
    }
}
