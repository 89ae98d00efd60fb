package org.jenkinsci.plugins.workflow.steps;

public abstract class BodyExecutionCallback implements java.io.Serializable {
    public BodyExecutionCallback() {}

    public abstract void onSuccess(org.jenkinsci.plugins.workflow.steps.StepContext a0, java.lang.Object a1);

    public abstract void onFailure(org.jenkinsci.plugins.workflow.steps.StepContext a0, java.lang.Throwable a1);
}

// stub: org.jenkinsci.plugins.workflow.steps.BodyExecutionCallback <init> onFailure onSuccess s:java.io.Serializable
