package org.jenkinsci.plugins.workflow.flow;

public abstract class FlowExecution {
    public FlowExecution() {}
}

// stub: org.jenkinsci.plugins.workflow.flow.FlowExecution
