package org.jenkinsci.plugins.workflow.actions;

public class LabelAction {
    public LabelAction(java.lang.String a0) {}
    public java.lang.String getDisplayName() { throw new UnsupportedOperationException("stub"); }
}

// stub: org.jenkinsci.plugins.workflow.actions.LabelAction <init> getDisplayName
