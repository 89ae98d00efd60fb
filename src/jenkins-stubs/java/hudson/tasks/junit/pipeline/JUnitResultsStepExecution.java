package hudson.tasks.junit.pipeline;

public class JUnitResultsStepExecution {
    public static java.util.List<org.jenkinsci.plugins.workflow.graph.FlowNode> getEnclosingStagesAndParallels(
            org.jenkinsci.plugins.workflow.graph.FlowNode a0) {
        throw new UnsupportedOperationException("stub");
    }

    public static java.util.List<java.lang.String> getEnclosingBlockIds(
            java.util.List<org.jenkinsci.plugins.workflow.graph.FlowNode> a0) {
        throw new UnsupportedOperationException("stub");
    }

    public static java.util.List<java.lang.String> getEnclosingBlockNames(
            java.util.List<org.jenkinsci.plugins.workflow.graph.FlowNode> a0) {
        throw new UnsupportedOperationException("stub");
    }

    JUnitResultsStepExecution() {}
}

// stub: hudson.tasks.junit.pipeline.JUnitResultsStepExecution getEnclosingBlockIds getEnclosingBlockNames
// getEnclosingStagesAndParallels
