package org.jenkinsci.plugins.workflow.steps;

public abstract class EnvironmentExpander implements java.io.Serializable {
    public abstract void expand(hudson.EnvVars a0) throws java.io.IOException, java.lang.InterruptedException;

    public java.util.Set<java.lang.String> getSensitiveVariables() {
        throw new UnsupportedOperationException("stub");
    }
}

// stub: org.jenkinsci.plugins.workflow.steps.EnvironmentExpander getSensitiveVariables
