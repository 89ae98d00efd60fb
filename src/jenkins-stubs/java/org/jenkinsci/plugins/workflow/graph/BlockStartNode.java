package org.jenkinsci.plugins.workflow.graph;

public abstract class BlockStartNode extends org.jenkinsci.plugins.workflow.graph.FlowNode {
    BlockStartNode() {
        super((org.jenkinsci.plugins.workflow.flow.FlowExecution) null, (java.lang.String) null, (java.util.List) null);
    }
}

// stub: org.jenkinsci.plugins.workflow.graph.BlockStartNode
