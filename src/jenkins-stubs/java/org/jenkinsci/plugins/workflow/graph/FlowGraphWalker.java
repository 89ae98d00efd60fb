package org.jenkinsci.plugins.workflow.graph;

public class FlowGraphWalker implements java.lang.Iterable<org.jenkinsci.plugins.workflow.graph.FlowNode> {
    public FlowGraphWalker(org.jenkinsci.plugins.workflow.flow.FlowExecution a0) {}

    public FlowGraphWalker() {}

    public java.util.Iterator<org.jenkinsci.plugins.workflow.graph.FlowNode> iterator() {
        throw new UnsupportedOperationException("stub");
    }
}

// stub: org.jenkinsci.plugins.workflow.graph.FlowGraphWalker <init>/1 iterator s:java.lang.Iterable
