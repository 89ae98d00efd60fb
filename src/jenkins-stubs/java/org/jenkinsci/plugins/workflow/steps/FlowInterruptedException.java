package org.jenkinsci.plugins.workflow.steps;

public final class FlowInterruptedException extends java.lang.InterruptedException {
    public FlowInterruptedException(hudson.model.Result a0, jenkins.model.CauseOfInterruption... a1) {}

    public FlowInterruptedException(hudson.model.Result a0, boolean a1, jenkins.model.CauseOfInterruption... a2) {}

    public java.util.List<jenkins.model.CauseOfInterruption> getCauses() {
        throw new UnsupportedOperationException("stub");
    }

    public java.lang.String getMessage() {
        throw new UnsupportedOperationException("stub");
    }
}

// stub: org.jenkinsci.plugins.workflow.steps.FlowInterruptedException <init> getCauses getMessage
// s:java.lang.InterruptedException
