package hudson.model;

public abstract class AbstractItem extends hudson.model.Actionable
        implements hudson.model.Item, hudson.security.AccessControlled, org.kohsuke.stapler.StaplerProxy {
    protected AbstractItem(hudson.model.ItemGroup a0, java.lang.String a1) {}

    public java.lang.String getDisplayName() {
        throw new UnsupportedOperationException("stub");
    }

    public java.io.File getRootDir() {
        throw new UnsupportedOperationException("stub");
    }

    public hudson.model.ItemGroup getParent() {
        throw new UnsupportedOperationException("stub");
    }

    public final java.lang.String getFullName() {
        throw new UnsupportedOperationException("stub");
    }

    public hudson.security.ACL getACL() {
        throw new UnsupportedOperationException("stub");
    }

    public void save() throws java.io.IOException {
        throw new UnsupportedOperationException("stub");
    }

    public java.lang.Object getTarget() {
        throw new UnsupportedOperationException("stub");
    }
}

// stub: hudson.model.AbstractItem <init>/2 getACL getDisplayName getFullName getParent getRootDir getTarget
// s:hudson.model.Item save
