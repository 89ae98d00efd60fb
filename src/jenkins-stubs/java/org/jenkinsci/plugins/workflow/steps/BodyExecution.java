package org.jenkinsci.plugins.workflow.steps;

public abstract class BodyExecution implements java.util.concurrent.Future<java.lang.Object>, java.io.Serializable {
    public BodyExecution() {}

    public boolean cancel(boolean a0) {
        throw new UnsupportedOperationException("stub");
    }

    public boolean cancel(java.lang.Throwable a0) {
        throw new UnsupportedOperationException("stub");
    }
}

// stub: org.jenkinsci.plugins.workflow.steps.BodyExecution cancel:Throwable cancel:boolean s:java.io.Serializable
// s:java.util.concurrent.Future
