package org.jenkinsci.plugins.workflow.actions;

public class WarningAction implements org.jenkinsci.plugins.workflow.actions.PersistentAction {
    public WarningAction(hudson.model.Result a0) {}

    public org.jenkinsci.plugins.workflow.actions.WarningAction withMessage(java.lang.String a0) {
        throw new UnsupportedOperationException("stub");
    }

    public java.lang.String getDisplayName() {
        throw new UnsupportedOperationException("stub");
    }

    public java.lang.String getIconFileName() {
        throw new UnsupportedOperationException("stub");
    }

    public java.lang.String getUrlName() {
        throw new UnsupportedOperationException("stub");
    }
}

// stub: org.jenkinsci.plugins.workflow.actions.WarningAction <init>/1 getDisplayName getIconFileName getUrlName
// s:org.jenkinsci.plugins.workflow.actions.PersistentAction withMessage
