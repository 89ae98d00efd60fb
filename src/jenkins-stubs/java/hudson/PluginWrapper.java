package hudson;

public class PluginWrapper implements java.lang.Comparable<hudson.PluginWrapper>, hudson.model.ModelObject {
    public final java.net.URL baseResourceURL = null;

    public java.lang.String getDisplayName() {
        throw new UnsupportedOperationException("stub");
    }

    public int compareTo(hudson.PluginWrapper a0) {
        throw new UnsupportedOperationException("stub");
    }

    PluginWrapper() {}
}

// stub: hudson.PluginWrapper baseResourceURL compareTo:PluginWrapper getDisplayName
