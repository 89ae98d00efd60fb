package hudson.model;

public abstract class Node extends hudson.model.AbstractModelObject
        implements hudson.model.ReconfigurableDescribable<hudson.model.Node>,
                hudson.ExtensionPoint,
                hudson.security.AccessControlled {
    public Node() {}

    public abstract java.lang.String getNodeName();

    public abstract hudson.model.Node.Mode getMode();

    public abstract int getNumExecutors();

    public boolean isAcceptingTasks() {
        throw new UnsupportedOperationException("stub");
    }

    public hudson.slaves.OfflineCause getTemporaryOfflineCause() {
        throw new UnsupportedOperationException("stub");
    }

    public java.util.Set<hudson.model.labels.LabelAtom> getAssignedLabels() {
        throw new UnsupportedOperationException("stub");
    }

    public abstract hudson.FilePath getRootPath();

    public enum Mode {
        NORMAL,
        EXCLUSIVE;
    }
}

// stub: hudson.model.Node getAssignedLabels getMode getNodeName getRootPath getTemporaryOfflineCause isAcceptingTasks
// s:hudson.security.AccessControlled
// stub: hudson.model.Node$Mode EXCLUSIVE NORMAL
