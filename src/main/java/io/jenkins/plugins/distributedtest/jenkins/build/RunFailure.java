package io.jenkins.plugins.distributedtest.jenkins.build;

import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** A file that failed, for the REST API and the build's page. */
@ExportedBean(defaultVisibility = 3)
public final class RunFailure {
    private final RunSummary.FailedFile failed;

    RunFailure(RunSummary.FailedFile failed) {
        this.failed = failed;
    }

    /** The file's path. */
    @Exported
    public String getFile() {
        return failed.file();
    }

    /** {@code failed}, {@code timed_out} or {@code crashed}. */
    @Exported
    public String getOutcome() {
        return failed.outcome();
    }

    /** The host of its last attempt. */
    @Exported
    public String getHost() {
        return failed.host();
    }

    /** The name of its first bad test; empty if the file as a whole is bad. */
    @Exported
    public String getTest() {
        return failed.test();
    }

    /** What went wrong, cut; may be empty. */
    @Exported
    public String getMessage() {
        return failed.message();
    }

    /** The fragment that leads to it on the run's page. */
    public String getAnchor() {
        return FileAnchor.of(failed.file());
    }

    /** Outcome for people. */
    public String getWord() {
        return failed.outcome().replace('_', ' ');
    }
}
