package hudson.model;

public abstract class JobProperty<J extends hudson.model.Job<?, ?>>
        implements hudson.model.ReconfigurableDescribable<hudson.model.JobProperty<?>>, hudson.ExtensionPoint {
    public JobProperty() {}

    public hudson.model.JobPropertyDescriptor getDescriptor() {
        throw new UnsupportedOperationException("stub");
    }
}

// stub: hudson.model.JobProperty getDescriptor s:hudson.model.ReconfigurableDescribable
