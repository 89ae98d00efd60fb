package hudson.model;

public abstract class JobPropertyDescriptor extends hudson.model.Descriptor<hudson.model.JobProperty<?>> {
    protected JobPropertyDescriptor() {}

    public boolean isApplicable(java.lang.Class<? extends hudson.model.Job> a0) {
        throw new UnsupportedOperationException("stub");
    }
}

// stub: hudson.model.JobPropertyDescriptor isApplicable s:hudson.model.Descriptor
