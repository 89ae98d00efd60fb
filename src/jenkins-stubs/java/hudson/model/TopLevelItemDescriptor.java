package hudson.model;

public abstract class TopLevelItemDescriptor extends hudson.model.Descriptor<hudson.model.TopLevelItem> {
    protected TopLevelItemDescriptor() {}
}

// stub: hudson.model.TopLevelItemDescriptor
