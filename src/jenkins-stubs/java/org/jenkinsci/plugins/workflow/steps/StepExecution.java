package org.jenkinsci.plugins.workflow.steps;

public abstract class StepExecution implements java.io.Serializable {
    protected StepExecution() {}

    protected StepExecution(org.jenkinsci.plugins.workflow.steps.StepContext a0) {}

    public org.jenkinsci.plugins.workflow.steps.StepContext getContext() {
        throw new UnsupportedOperationException("stub");
    }

    public abstract boolean start() throws java.lang.Exception;

    public void stop(java.lang.Throwable a0) throws java.lang.Exception {
        throw new UnsupportedOperationException("stub");
    }

    public void onResume() {
        throw new UnsupportedOperationException("stub");
    }

    public java.lang.String getStatus() {
        throw new UnsupportedOperationException("stub");
    }
}

// stub: org.jenkinsci.plugins.workflow.steps.StepExecution <init> getContext getStatus onResume start stop
