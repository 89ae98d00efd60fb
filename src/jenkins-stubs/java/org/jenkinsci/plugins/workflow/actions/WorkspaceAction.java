package org.jenkinsci.plugins.workflow.actions;

public abstract class WorkspaceAction
        implements org.jenkinsci.plugins.workflow.actions.PersistentAction, hudson.model.Action {
    public WorkspaceAction() {}

    public abstract java.lang.String getNode();

    public abstract java.lang.String getPath();

    public abstract java.util.Set<hudson.model.labels.LabelAtom> getLabels();
}

// stub: org.jenkinsci.plugins.workflow.actions.WorkspaceAction -a getNode s:hudson.model.Action
