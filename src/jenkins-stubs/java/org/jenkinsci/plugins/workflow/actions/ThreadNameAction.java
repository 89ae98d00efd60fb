package org.jenkinsci.plugins.workflow.actions;

public interface ThreadNameAction extends org.jenkinsci.plugins.workflow.actions.PersistentAction {
    java.lang.String getThreadName();
}

// stub: org.jenkinsci.plugins.workflow.actions.ThreadNameAction getThreadName
// s:org.jenkinsci.plugins.workflow.actions.PersistentAction
