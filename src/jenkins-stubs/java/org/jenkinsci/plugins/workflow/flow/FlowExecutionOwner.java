package org.jenkinsci.plugins.workflow.flow;

public abstract class FlowExecutionOwner implements java.io.Serializable {
    public FlowExecutionOwner() {}

    public org.jenkinsci.plugins.workflow.flow.FlowExecution getOrNull() {
        throw new UnsupportedOperationException("stub");
    }

    public abstract hudson.model.Queue.Executable getExecutable() throws java.io.IOException;

    public interface Executable extends hudson.model.Queue.Executable {
        org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner asFlowExecutionOwner();
    }
}

// stub: org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner getExecutable getOrNull
// stub: org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner$Executable s:hudson.model.Queue$Executable
