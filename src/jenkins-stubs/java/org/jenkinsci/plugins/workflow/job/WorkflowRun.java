package org.jenkinsci.plugins.workflow.job;

public final class WorkflowRun {
    public void doTerm() {
        throw new UnsupportedOperationException("stub");
    }

    public void doKill() {
        throw new UnsupportedOperationException("stub");
    }

    WorkflowRun() {}
}

// stub: org.jenkinsci.plugins.workflow.job.WorkflowRun doKill doTerm x:hudson.model.Run
// x:org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner$Executable
