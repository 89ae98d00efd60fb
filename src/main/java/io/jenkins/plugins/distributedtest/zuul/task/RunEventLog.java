package io.jenkins.plugins.distributedtest.zuul.task;

import io.jenkins.plugins.distributedtest.originator.RunEvent;
import io.jenkins.plugins.distributedtest.originator.RunObserver;
import io.jenkins.plugins.distributedtest.session.RunNarrator;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.zuul.exec.TimedLog;

/** Tells in a job's log what happens in its distributed run: nobody watches it, so files that pass are told as well. */
final class RunEventLog implements RunObserver {
    private final TimedLog log;
    private final RunNarrator narrator;

    RunEventLog(TimedLog log, RunNarrator narrator) {
        this.log = log;
        this.narrator = narrator;
    }

    @Override
    public void event(RunEvent event) {
        log.line(narrator.tell(event));
        if (event instanceof RunEvent.FileFinished finished
                && finished.attempt().result().status() == FileStatus.PASSED) {
            log.line(finished.file().path() + " passed");
        }
    }
}
