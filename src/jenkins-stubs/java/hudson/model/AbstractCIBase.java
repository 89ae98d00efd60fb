package hudson.model;

public abstract class AbstractCIBase extends hudson.model.Node
        implements hudson.model.ItemGroup<hudson.model.TopLevelItem>,
                org.kohsuke.stapler.StaplerProxy,
                hudson.security.AccessControlled {
    public AbstractCIBase() {}

    public java.lang.String getNodeName() {
        throw new UnsupportedOperationException("stub");
    }
}

// stub: hudson.model.AbstractCIBase getNodeName s:hudson.model.Node
