package hudson.model;

public abstract class SimpleParameterDefinition extends hudson.model.ParameterDefinition {
    public abstract hudson.model.ParameterValue createValue(java.lang.String a0);

    public final hudson.model.ParameterValue createValue(org.kohsuke.stapler.StaplerRequest2 a0) {
        throw new UnsupportedOperationException("stub");
    }

    public final hudson.model.ParameterValue createValue(hudson.cli.CLICommand a0, java.lang.String a1)
            throws java.io.IOException, java.lang.InterruptedException {
        throw new UnsupportedOperationException("stub");
    }

    SimpleParameterDefinition() {
        super((java.lang.String) null);
    }
}

// stub: hudson.model.SimpleParameterDefinition createValue s:hudson.model.ParameterDefinition
