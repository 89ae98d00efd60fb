package org.jenkinsci.plugins.workflow.flow;

public abstract class FlowExecutionListener implements hudson.ExtensionPoint {
    public FlowExecutionListener() {}

    public void onResumed(org.jenkinsci.plugins.workflow.flow.FlowExecution a0) {
        throw new UnsupportedOperationException("stub");
    }
}

// stub: org.jenkinsci.plugins.workflow.flow.FlowExecutionListener onResumed
