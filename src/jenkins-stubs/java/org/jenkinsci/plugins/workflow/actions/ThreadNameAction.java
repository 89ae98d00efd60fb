package org.jenkinsci.plugins.workflow.actions;

public interface ThreadNameAction {
    java.lang.String getThreadName();
}

// stub: org.jenkinsci.plugins.workflow.actions.ThreadNameAction getThreadName
