package org.jenkinsci.plugins.workflow.actions;

public class WarningAction {
    public WarningAction(hudson.model.Result a0) {}
    public org.jenkinsci.plugins.workflow.actions.WarningAction withMessage(java.lang.String a0) { throw new UnsupportedOperationException("stub"); }
}

// stub: org.jenkinsci.plugins.workflow.actions.WarningAction <init> withMessage
