package hudson.model;

public abstract class JobPropertyDescriptor extends hudson.model.Descriptor<hudson.model.JobProperty<?>> {
    protected JobPropertyDescriptor() {}
}

// stub: hudson.model.JobPropertyDescriptor s:hudson.model.Descriptor
