package hudson;

public abstract class PluginManager extends hudson.model.AbstractModelObject
        implements org.kohsuke.stapler.StaplerProxy {
    public final java.lang.ClassLoader uberClassLoader = null;

    public hudson.PluginWrapper getPlugin(java.lang.String a0) {
        throw new UnsupportedOperationException("stub");
    }

    PluginManager() {}
}

// stub: hudson.PluginManager getPlugin:String uberClassLoader
