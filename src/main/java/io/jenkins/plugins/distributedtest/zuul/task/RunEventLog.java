package io.jenkins.plugins.distributedtest.zuul.task;

import io.jenkins.plugins.distributedtest.originator.RunEvent;
import io.jenkins.plugins.distributedtest.originator.RunObserver;
import io.jenkins.plugins.distributedtest.report.ConsoleSummary;
import io.jenkins.plugins.distributedtest.suite.WorkerId;
import io.jenkins.plugins.distributedtest.zuul.exec.TimedLog;

/** Tells in a job's log what happens in its distributed run. */
final class RunEventLog implements RunObserver {
    private final TimedLog log;
    private final ConsoleSummary summary;
    private String trouble = "";

    RunEventLog(TimedLog log, ConsoleSummary summary) {
        this.log = log;
        this.summary = summary;
    }

    @Override
    public void event(RunEvent event) {
        String line = line(event);
        if (line != null) {
            log.line(line);
        }
    }

    private String line(RunEvent event) {
        if (event instanceof RunEvent.FileFinished finished) {
            String failure = summary.failure(finished.attempt(), !finished.isFinal());
            return failure.isEmpty() ? finished.file().path() + " passed" : failure;
        } else if (event instanceof RunEvent.ListenerReady ready) {
            return "Listener " + WorkerId.listenerName(ready.host(), ready.listener()) + " is ready";
        } else if (event instanceof RunEvent.ListenerLeft left
                && !left.problem().isEmpty()) {
            return "Listener " + WorkerId.listenerName(left.host(), left.listener()) + " left: " + left.problem() + "\n"
                    + left.output();
        } else if (event instanceof RunEvent.LeaseLost lost) {
            return lost.file() + " was lost on " + lost.worker() + ": " + lost.reason();
        } else if (event instanceof RunEvent.ConnectionLost lost
                && !lost.reason().equals(trouble)) {
            trouble = lost.reason();
            return lost.reason();
        } else if (event instanceof RunEvent.ConnectionRestored) {
            trouble = "";
            return "The broker is reached again";
        }
        return null;
    }
}
