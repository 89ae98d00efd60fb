package hudson.model;

public final class ComputerSet extends hudson.model.AbstractModelObject
        implements hudson.model.Describable<hudson.model.ComputerSet> {
    public ComputerSet() {}

    public java.lang.String getDisplayName() {
        throw new UnsupportedOperationException("stub");
    }
}

// stub: hudson.model.ComputerSet getDisplayName
