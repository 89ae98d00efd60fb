package io.jenkins.plugins.distributedtest.jenkins.job;

import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** A test in quarantine, on the job's page and in {@code api/json}. */
@ExportedBean(defaultVisibility = 2)
public final class QuarantinedTest {
    private final TestName test;
    private final QuarantineMark mark;
    private final TestTrack track;

    /**
     * @param mark who has marked it; null if a file of the project names it
     * @param track how it did; null if it was not seen since
     */
    QuarantinedTest(TestName test, QuarantineMark mark, TestTrack track) {
        this.test = test;
        this.mark = mark;
        this.track = track;
    }

    /** The title of the runs that it is in; possibly empty. */
    @Exported
    public String getTitle() {
        return test.title();
    }

    /** Its file's path. */
    @Exported
    public String getFile() {
        return test.file();
    }

    /** Its class or group; empty for a file as a whole. */
    @Exported
    public String getClassName() {
        return test.className();
    }

    /** Its name; empty for a file as a whole. */
    @Exported
    public String getName() {
        return test.name();
    }

    /** Its name for people. */
    public String getWords() {
        return test.words();
    }

    /** Whether it was marked here, and can be released here. */
    @Exported
    public boolean isMarked() {
        return mark != null;
    }

    /** Who has marked it; empty if a file of the project names it. */
    @Exported
    public String getBy() {
        return mark == null ? "" : mark.by();
    }

    /** When, ISO 8601 in UTC; empty if a file of the project names it. */
    @Exported
    public String getAt() {
        return mark == null ? "" : mark.at();
    }

    /** The day of that. */
    public String getDay() {
        return getAt().length() < 10 ? "" : getAt().substring(0, 10);
    }

    /** In how many runs in a row it has passed, up to the last one that it was in. */
    @Exported
    public int getPassedInRow() {
        return track == null ? 0 : track.passedInRow();
    }

    /** Whether it has passed so often that it is proposed for release. */
    @Exported
    public boolean isProposedForRelease() {
        return track != null && track.isProposedForRelease();
    }
}
