package org.jenkinsci.plugins.workflow.steps;

public abstract class StepDescriptor extends hudson.model.Descriptor<org.jenkinsci.plugins.workflow.steps.Step> {
    public StepDescriptor() {}

    public abstract java.util.Set<? extends java.lang.Class<?>> getRequiredContext();

    public abstract java.lang.String getFunctionName();

    public boolean takesImplicitBlockArgument() {
        throw new UnsupportedOperationException("stub");
    }
}

// stub: org.jenkinsci.plugins.workflow.steps.StepDescriptor -a getFunctionName getRequiredContext
// takesImplicitBlockArgument
