package io.jenkins.plugins.distributedtest.jenkins.step;

import hudson.console.ModelHyperlinkNote;
import io.jenkins.plugins.distributedtest.jenkins.build.DistributedTestAction;
import io.jenkins.plugins.distributedtest.originator.RunEvent;
import io.jenkins.plugins.distributedtest.suite.RunReport;

/** What a run tells in its build's log. */
final class RunLog {
    private final LogPump pump;
    private final Narrator narrator;
    private final LiveCounts counts;
    private final long startNanos = System.nanoTime();

    /**
     * @param place where the step is
     * @param counts how far it is
     * @param runId the run
     */
    RunLog(StepPlace place, LiveCounts counts, String runId) {
        this.counts = counts;
        this.pump = new LogPump(
                StepEngine.get().working(), text -> place.listener().getLogger().println(text));
        DistributedTestAction page = DistributedTestAction.of(place.build());
        this.narrator =
                new Narrator(counts, (file, text) -> ModelHyperlinkNote.encodeTo(page.urlOf(runId, file), text));
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
        if (text != null) {
            pump.add(text);
        }
    }

    /** How far it is. */
    LiveCounts counts() {
        return counts;
    }
}
