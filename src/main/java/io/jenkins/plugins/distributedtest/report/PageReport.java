package io.jenkins.plugins.distributedtest.report;

import com.fasterxml.jackson.core.JsonGenerator;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import java.io.IOException;
import java.util.function.IntPredicate;

/**
 * A run as pages show it: the JSON report's schema without the output of what passed, with long texts cut, and of
 * attempts with very many cases with all that are bad and some of the others ({@code cases_left_out} says how many more). Either
 * all of it, or, for a page that shows the run already, what is new. The numbers are computed once.
 */
public final class PageReport {
    private final RunReport report;
    private final RerunCommand rerun;
    private final Totals totals;
    private final WallTime wallTime;

    private PageReport(RunReport report, RerunCommand rerun) {
        this.report = report;
        this.rerun = rerun;
        this.totals = Totals.of(report);
        this.wallTime = WallTime.of(report);
    }

    /**
     * Prepares a run for a page.
     *
     * @param report the run, ended or live
     * @param rerun the command that runs certain files again
     */
    public static PageReport of(RunReport report, RerunCommand rerun) {
        return new PageReport(report, rerun);
    }

    /** The run. */
    public RunReport report() {
        return report;
    }

    /** Its counts. */
    public Totals totals() {
        return totals;
    }

    /** Its wall time explained. */
    public WallTime wallTime() {
        return wallTime;
    }

    /**
     * Writes all of it as one JSON object.
     *
     * @param json where to write
     * @throws IOException if writing fails
     */
    public void write(JsonGenerator json) throws IOException {
        new JsonReportWriter(json, rerun, JsonReportWriter.Texts.FOR_PAGE).write(report, totals, wallTime, null);
    }

    /**
     * Writes it as one JSON object with only some of its files, each with its place in the report as {@code index}.
     *
     * @param json where to write
     * @param changed which files, by their place
     * @throws IOException if writing fails
     */
    public void writeChanges(JsonGenerator json, IntPredicate changed) throws IOException {
        new JsonReportWriter(json, rerun, JsonReportWriter.Texts.FOR_PAGE).write(report, totals, wallTime, changed);
    }
}
