package hudson.model;

public interface UnprotectedRootAction extends hudson.ExtensionPoint {
}

// stub: hudson.model.UnprotectedRootAction -a
