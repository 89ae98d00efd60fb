package hudson.model;

public abstract class Node extends hudson.model.AbstractModelObject implements hudson.ExtensionPoint, hudson.security.AccessControlled {
    public Node() {}
    public abstract java.lang.String getNodeName();
    public abstract hudson.FilePath getRootPath();
}

// stub: hudson.model.Node getNodeName getRootPath
