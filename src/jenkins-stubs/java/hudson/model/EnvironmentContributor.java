package hudson.model;

public abstract class EnvironmentContributor implements hudson.ExtensionPoint {
    public EnvironmentContributor() {}

    public void buildEnvironmentFor(hudson.model.Run a0, hudson.EnvVars a1, hudson.model.TaskListener a2)
            throws java.io.IOException, java.lang.InterruptedException {
        throw new UnsupportedOperationException("stub");
    }

    public void buildEnvironmentFor(hudson.model.Job a0, hudson.EnvVars a1, hudson.model.TaskListener a2)
            throws java.io.IOException, java.lang.InterruptedException {
        throw new UnsupportedOperationException("stub");
    }
}

// stub: hudson.model.EnvironmentContributor buildEnvironmentFor
