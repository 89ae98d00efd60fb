package jenkins.model;

public abstract class NodeListener implements hudson.ExtensionPoint {
    public NodeListener() {}

    protected void onCreated(hudson.model.Node a0) {
        throw new UnsupportedOperationException("stub");
    }

    protected void onUpdated(hudson.model.Node a0, hudson.model.Node a1) {
        throw new UnsupportedOperationException("stub");
    }

    protected void onDeleted(hudson.model.Node a0) {
        throw new UnsupportedOperationException("stub");
    }
}

// stub: jenkins.model.NodeListener onCreated onDeleted onUpdated
