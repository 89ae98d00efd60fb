package hudson.model;

public abstract class ParameterDefinition
        implements hudson.model.Describable<hudson.model.ParameterDefinition>,
                hudson.ExtensionPoint,
                java.io.Serializable {
    protected ParameterDefinition(java.lang.String a0) {}

    public java.lang.String getName() {
        throw new UnsupportedOperationException("stub");
    }

    public hudson.model.ParameterValue getDefaultParameterValue() {
        throw new UnsupportedOperationException("stub");
    }
}

// stub: hudson.model.ParameterDefinition <init>/1 getDefaultParameterValue getName
