package hudson.model;

public abstract class AbstractItem extends hudson.model.Actionable implements hudson.model.Item, hudson.security.AccessControlled, org.kohsuke.stapler.StaplerProxy {
    protected AbstractItem(hudson.model.ItemGroup a0, java.lang.String a1) {}
    public java.io.File getRootDir() { throw new UnsupportedOperationException("stub"); }
    public final java.lang.String getFullName() { throw new UnsupportedOperationException("stub"); }
}

// stub: hudson.model.AbstractItem <init>/2 getFullName getRootDir s:hudson.model.Item
