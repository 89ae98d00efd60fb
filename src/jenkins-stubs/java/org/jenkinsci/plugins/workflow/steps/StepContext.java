package org.jenkinsci.plugins.workflow.steps;

public abstract class StepContext
        implements com.google.common.util.concurrent.FutureCallback<java.lang.Object>, java.io.Serializable {
    public StepContext() {}

    public abstract <T> T get(java.lang.Class<T> a0) throws java.io.IOException, java.lang.InterruptedException;

    public abstract void onSuccess(java.lang.Object a0);

    public abstract boolean isReady();

    public abstract com.google.common.util.concurrent.ListenableFuture<java.lang.Void> saveState();

    public abstract org.jenkinsci.plugins.workflow.steps.BodyInvoker newBodyInvoker()
            throws java.lang.IllegalStateException;

    public boolean hasBody() {
        throw new UnsupportedOperationException("stub");
    }

    public abstract void setResult(hudson.model.Result a0);
}

// stub: org.jenkinsci.plugins.workflow.steps.StepContext get hasBody isReady newBodyInvoker
// onSuccess saveState s:com.google.common.util.concurrent.FutureCallback setResult
