package io.jenkins.plugins.distributedtest.cli;

import io.jenkins.plugins.distributedtest.config.RunConfiguration;
import io.jenkins.plugins.distributedtest.report.HtmlReport;
import io.jenkins.plugins.distributedtest.report.JUnitReport;
import io.jenkins.plugins.distributedtest.report.JsonReport;
import io.jenkins.plugins.distributedtest.report.RerunCommand;
import io.jenkins.plugins.distributedtest.suite.FailedFiles;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.suite.RuntimeHistory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes what a run leaves behind: reports, recorded runtimes, the files that failed. */
final class RunReports {
    private final RunConfiguration configuration;
    private final Console console;
    private final RerunCommand rerun;

    /**
     * @param configuration says where to
     * @param console where to say what was written
     * @param rerun the command that runs certain files again
     */
    RunReports(RunConfiguration configuration, Console console, RerunCommand rerun) {
        this.configuration = configuration;
        this.console = console;
        this.rerun = rerun;
    }

    /** Writes one file. */
    private interface Writing {
        void to(Path target) throws IOException;
    }

    /**
     * Writes everything, also when one of them fails.
     *
     * @param report the run
     * @param history the runtimes before it
     * @return whether all could be written
     */
    boolean write(RunReport report, RuntimeHistory history) {
        boolean written = true;
        written &= record(
                configuration.runtimeFile(),
                target -> history.updated(report, configuration.directory()).write(target));
        written &= record(configuration.failedFiles(), target -> FailedFiles.write(target, FailedFiles.of(report)));
        written &= publish("JUnit report", configuration.junit(), target -> JUnitReport.write(report, target));
        written &= publish("Page", configuration.html(), target -> HtmlReport.write(report, rerun, target));
        written &= publish("JSON report", configuration.json(), target -> JsonReport.write(report, target));
        return written;
    }

    private boolean publish(String what, Path target, Writing writing) {
        if (target == null) {
            return true;
        }
        boolean written = record(target, writing);
        if (written) {
            console.print(what + ": " + target);
        }
        return written;
    }

    private boolean record(Path target, Writing writing) {
        try {
            Files.createDirectories(target.toAbsolutePath().getParent());
            writing.to(target);
            return true;
        } catch (IOException e) {
            console.print("Cannot write " + target + ": " + e);
            return false;
        }
    }
}
