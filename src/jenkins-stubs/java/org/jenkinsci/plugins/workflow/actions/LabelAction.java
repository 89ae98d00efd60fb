package org.jenkinsci.plugins.workflow.actions;

public class LabelAction implements org.jenkinsci.plugins.workflow.actions.PersistentAction {
    public LabelAction(java.lang.String a0) {}

    public java.lang.String getIconFileName() {
        throw new UnsupportedOperationException("stub");
    }

    public java.lang.String getDisplayName() {
        throw new UnsupportedOperationException("stub");
    }

    public java.lang.String getUrlName() {
        throw new UnsupportedOperationException("stub");
    }
}

// stub: org.jenkinsci.plugins.workflow.actions.LabelAction <init> getDisplayName getIconFileName getUrlName
// s:org.jenkinsci.plugins.workflow.actions.PersistentAction
