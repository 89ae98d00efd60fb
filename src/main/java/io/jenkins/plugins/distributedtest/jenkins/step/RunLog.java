package io.jenkins.plugins.distributedtest.jenkins.step;

import hudson.console.ModelHyperlinkNote;
import io.jenkins.plugins.distributedtest.jenkins.build.DistributedTestAction;
import io.jenkins.plugins.distributedtest.originator.RunEvent;
import io.jenkins.plugins.distributedtest.report.ConsoleSummary;
import io.jenkins.plugins.distributedtest.report.RerunCommand;
import io.jenkins.plugins.distributedtest.report.Terminal;
import io.jenkins.plugins.distributedtest.session.RunNarrator;
import io.jenkins.plugins.distributedtest.session.RunProgress;
import io.jenkins.plugins.distributedtest.suite.RunReport;

/** What a run tells in its build's log. */
final class RunLog {
    /** Columns of a log. */
    private static final int WIDTH = 120;

    private final LogPump pump;
    private final RunNarrator narrator;
    private final long startNanos = System.nanoTime();

    /**
     * @param place where the step is
     * @param mask hides secrets that the log itself does not know
     * @param progress how far it is
     * @param runId the run
     */
    RunLog(StepPlace place, RunMask mask, RunProgress progress, String runId) {
        this.pump = new LogPump(
                StepEngine.get().working(), text -> place.listener().getLogger().println(mask.hide(text)));
        DistributedTestAction page = DistributedTestAction.of(place.build());
        this.narrator = narrator(progress, (file, text) -> ModelHyperlinkNote.encodeTo(page.urlOf(runId, file), text));
    }

    /**
     * What tells a run in a build's log.
     *
     * @param page the build's page
     */
    static RunNarrator narrator(RunProgress progress, RunNarrator.Page page) {
        ConsoleSummary summary = new ConsoleSummary(new Terminal(WIDTH, false), RerunCommand.STEP);
        return new RunNarrator(summary, progress, RunNarrator.ADVICE, page);
    }

    /** Tells something. */
    void say(String text) {
        pump.add(text);
    }

    /** Tells an event, if it is worth it. On the run's loop. */
    void event(RunEvent event) {
        sayIfAny(narrator.tell(event));
    }

    /** Tells how far it is, now and then. On the run's loop. */
    void tick() {
        sayIfAny(narrator.progress((System.nanoTime() - startNanos) / 1e9));
    }

    /** Tells the end, and waits until everything is written. */
    void end(RunReport report) throws InterruptedException {
        pump.flush();
        sayIfAny(narrator.end(report));
        pump.flush();
    }

    /** Waits until everything is written. */
    void flush() throws InterruptedException {
        pump.flush();
    }

    private void sayIfAny(String text) {
        if (!text.isEmpty()) {
            pump.add(text);
        }
    }

    /** How far it is. */
    RunProgress progress() {
        return narrator.progress();
    }
}
