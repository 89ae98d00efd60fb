package org.jenkinsci.plugins.workflow.flow;

public abstract class FlowExecution {
    public FlowExecution() {}

    public abstract org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner getOwner();
}

// stub: org.jenkinsci.plugins.workflow.flow.FlowExecution getOwner
