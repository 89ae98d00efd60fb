package hudson.model;

public abstract class Computer extends hudson.model.Actionable
        implements hudson.security.AccessControlled, hudson.model.ExecutorListener, org.kohsuke.stapler.StaplerProxy {
    public abstract hudson.remoting.VirtualChannel getChannel();

    public java.lang.String getName() {
        throw new UnsupportedOperationException("stub");
    }

    public hudson.model.Node getNode() {
        throw new UnsupportedOperationException("stub");
    }

    public boolean isOffline() {
        throw new UnsupportedOperationException("stub");
    }

    public final boolean isOnline() {
        throw new UnsupportedOperationException("stub");
    }

    public boolean isTemporarilyOffline() {
        throw new UnsupportedOperationException("stub");
    }

    public void setTemporaryOfflineCause(hudson.slaves.OfflineCause a0) {
        throw new UnsupportedOperationException("stub");
    }

    public java.lang.String getDisplayName() {
        throw new UnsupportedOperationException("stub");
    }

    public java.lang.String getUrl() {
        throw new UnsupportedOperationException("stub");
    }

    public hudson.EnvVars buildEnvironment(hudson.model.TaskListener a0)
            throws java.io.IOException, java.lang.InterruptedException {
        throw new UnsupportedOperationException("stub");
    }

    public int countIdle() {
        throw new UnsupportedOperationException("stub");
    }

    public java.util.List<hudson.model.Executor> getExecutors() {
        throw new UnsupportedOperationException("stub");
    }

    public java.util.List<hudson.model.OneOffExecutor> getOneOffExecutors() {
        throw new UnsupportedOperationException("stub");
    }

    public java.lang.Object getTarget() {
        throw new UnsupportedOperationException("stub");
    }

    public boolean isAcceptingTasks() {
        throw new UnsupportedOperationException("stub");
    }

    Computer() {}
}

// stub: hudson.model.Computer countIdle getACL getChannel getDisplayName getExecutors getName getNode
// getOneOffExecutors getTarget getUrl isAcceptingTasks isOffline isOnline isTemporarilyOffline
// s:hudson.model.Actionable setTemporaryOfflineCause
