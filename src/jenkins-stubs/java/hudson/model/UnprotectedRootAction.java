package hudson.model;

public interface UnprotectedRootAction extends hudson.model.RootAction, hudson.ExtensionPoint {}

// stub: hudson.model.UnprotectedRootAction -a s:hudson.model.RootAction
