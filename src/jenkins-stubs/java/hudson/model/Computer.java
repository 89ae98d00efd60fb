package hudson.model;

public abstract class Computer extends hudson.model.Actionable implements hudson.security.AccessControlled, org.kohsuke.stapler.StaplerProxy {
    public abstract hudson.remoting.VirtualChannel getChannel();
    public java.lang.String getName() { throw new UnsupportedOperationException("stub"); }
    public hudson.model.Node getNode() { throw new UnsupportedOperationException("stub"); }
    public boolean isOffline() { throw new UnsupportedOperationException("stub"); }
    public final boolean isOnline() { throw new UnsupportedOperationException("stub"); }
    public java.lang.String getDisplayName() { throw new UnsupportedOperationException("stub"); }
    public java.lang.String getUrl() { throw new UnsupportedOperationException("stub"); }
    public java.lang.Object getTarget() { throw new UnsupportedOperationException("stub"); }
    Computer() {}
}

// stub: hudson.model.Computer getACL getChannel getDisplayName getName getNode getTarget getUrl isOffline isOnline
