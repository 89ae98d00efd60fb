package hudson.model.listeners;

public abstract class RunListener<R extends hudson.model.Run> implements hudson.ExtensionPoint {
    protected RunListener() {}

    public void onCompleted(R a0, hudson.model.TaskListener a1) {
        throw new UnsupportedOperationException("stub");
    }

    public void onFinalized(R a0) {
        throw new UnsupportedOperationException("stub");
    }

    public void onStarted(R a0, hudson.model.TaskListener a1) {
        throw new UnsupportedOperationException("stub");
    }
}

// stub: hudson.model.listeners.RunListener onCompleted onFinalized onStarted
