package org.jenkinsci.plugins.workflow.graph;

public abstract class FlowNode extends hudson.model.Actionable implements hudson.model.Saveable {
    protected FlowNode(
            org.jenkinsci.plugins.workflow.flow.FlowExecution a0,
            java.lang.String a1,
            java.util.List<org.jenkinsci.plugins.workflow.graph.FlowNode> a2) {}

    protected FlowNode(
            org.jenkinsci.plugins.workflow.flow.FlowExecution a0,
            java.lang.String a1,
            org.jenkinsci.plugins.workflow.graph.FlowNode... a2) {}

    public java.util.List<? extends org.jenkinsci.plugins.workflow.graph.BlockStartNode> getEnclosingBlocks() {
        throw new UnsupportedOperationException("stub");
    }

    public java.lang.String getId() {
        throw new UnsupportedOperationException("stub");
    }

    public java.lang.String getDisplayName() {
        throw new UnsupportedOperationException("stub");
    }

    public <T extends hudson.model.Action> T getAction(java.lang.Class<T> a0) {
        throw new UnsupportedOperationException("stub");
    }
}

// stub: org.jenkinsci.plugins.workflow.graph.FlowNode <init>/3 addAction addOrReplaceAction getAction getDisplayName
// getEnclosingBlocks getId s:hudson.model.Actionable
