package hudson.model;

public class ParametersDefinitionProperty extends jenkins.model.OptionalJobProperty<hudson.model.Job<?, ?>> {
    public java.util.List<hudson.model.ParameterDefinition> getParameterDefinitions() {
        throw new UnsupportedOperationException("stub");
    }

    ParametersDefinitionProperty() {}
}

// stub: hudson.model.ParametersDefinitionProperty getParameterDefinitions s:jenkins.model.OptionalJobProperty
// x:hudson.model.Action
