package jenkins.model;

public abstract class OptionalJobProperty<J extends hudson.model.Job<?, ?>> extends hudson.model.JobProperty<J> {
    public OptionalJobProperty() {}

    public abstract static class OptionalJobPropertyDescriptor extends hudson.model.JobPropertyDescriptor {
        protected OptionalJobPropertyDescriptor() {}
    }
}

// stub: jenkins.model.OptionalJobProperty s:hudson.model.JobProperty
// stub: jenkins.model.OptionalJobProperty$OptionalJobPropertyDescriptor s:hudson.model.JobPropertyDescriptor
