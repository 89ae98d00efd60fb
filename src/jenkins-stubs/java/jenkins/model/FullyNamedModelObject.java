package jenkins.model;

public interface FullyNamedModelObject extends hudson.model.ModelObject {
    java.lang.String getFullDisplayName();
}

// stub: jenkins.model.FullyNamedModelObject getFullDisplayName
