package hudson.model;

public interface Action extends hudson.model.ModelObject {
    java.lang.String getIconFileName();

    java.lang.String getDisplayName();

    java.lang.String getUrlName();
}

// stub: hudson.model.Action -a s:hudson.model.ModelObject
