package hudson.model;

public interface RootAction extends hudson.model.Action, hudson.ExtensionPoint {}

// stub: hudson.model.RootAction s:hudson.model.Action
