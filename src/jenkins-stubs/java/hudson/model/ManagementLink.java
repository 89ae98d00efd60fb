package hudson.model;

public abstract class ManagementLink implements hudson.ExtensionPoint, hudson.model.Action {
    public ManagementLink() {}

    public abstract java.lang.String getIconFileName();

    public java.lang.String getDescription() {
        throw new UnsupportedOperationException("stub");
    }

    public abstract java.lang.String getUrlName();

    public hudson.security.Permission getRequiredPermission() {
        throw new UnsupportedOperationException("stub");
    }

    public hudson.model.ManagementLink.Category getCategory() {
        throw new UnsupportedOperationException("stub");
    }

    public enum Category {
        CONFIGURATION,
        SECURITY,
        STATUS,
        TROUBLESHOOTING,
        TOOLS,
        MISC,
        UNCATEGORIZED;
    }
}

// stub: hudson.model.ManagementLink -a getCategory getDescription getDisplayName getIconFileName getRequiredPermission
// getUrlName s:hudson.ExtensionPoint s:hudson.model.Action
// stub: hudson.model.ManagementLink$Category STATUS
