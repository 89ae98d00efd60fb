package org.jenkinsci.plugins.workflow.steps;

public abstract class BodyInvoker {
    public BodyInvoker() {}

    public abstract org.jenkinsci.plugins.workflow.steps.BodyInvoker withContext(java.lang.Object a0);

    public abstract org.jenkinsci.plugins.workflow.steps.BodyInvoker withDisplayName(java.lang.String a0);

    public abstract org.jenkinsci.plugins.workflow.steps.BodyInvoker withCallback(
            org.jenkinsci.plugins.workflow.steps.BodyExecutionCallback a0);

    public abstract org.jenkinsci.plugins.workflow.steps.BodyExecution start();
}

// stub: org.jenkinsci.plugins.workflow.steps.BodyInvoker start withCallback:BodyExecutionCallback withContext
// withDisplayName
