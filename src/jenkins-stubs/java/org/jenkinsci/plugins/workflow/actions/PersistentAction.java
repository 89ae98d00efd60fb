package org.jenkinsci.plugins.workflow.actions;

public interface PersistentAction extends hudson.model.Action {}

// stub: org.jenkinsci.plugins.workflow.actions.PersistentAction s:hudson.model.Action
