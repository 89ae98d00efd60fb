package hudson.tasks.test;

public class PipelineTestDetails implements java.io.Serializable {
    public PipelineTestDetails() {}

    public void setNodeId(java.lang.String a0) {
        throw new UnsupportedOperationException("stub");
    }

    public void setEnclosingBlocks(java.util.List<java.lang.String> a0) {
        throw new UnsupportedOperationException("stub");
    }

    public void setEnclosingBlockNames(java.util.List<java.lang.String> a0) {
        throw new UnsupportedOperationException("stub");
    }
}

// stub: hudson.tasks.test.PipelineTestDetails <init> setEnclosingBlockNames setEnclosingBlocks setNodeId
