package jenkins.model;

public class Jenkins implements org.kohsuke.stapler.StaplerProxy, hudson.security.AccessControlled, hudson.model.ItemGroup {
    public static final hudson.security.Permission ADMINISTER = null;
    public static final hudson.security.Permission MANAGE = null;
    public static final hudson.security.Permission SYSTEM_READ = null;
    public static jenkins.model.Jenkins get() throws java.lang.IllegalStateException { throw new UnsupportedOperationException("stub"); }
    public static jenkins.model.Jenkins getInstanceOrNull() { throw new UnsupportedOperationException("stub"); }
    public hudson.PluginManager getPluginManager() { throw new UnsupportedOperationException("stub"); }
    public hudson.Plugin getPlugin(java.lang.String a0) { throw new UnsupportedOperationException("stub"); }
    public hudson.model.Computer[] getComputers() { throw new UnsupportedOperationException("stub"); }
    public hudson.model.Computer getComputer(java.lang.String a0) { throw new UnsupportedOperationException("stub"); }
    public java.lang.String getRootUrl() throws java.lang.IllegalStateException { throw new UnsupportedOperationException("stub"); }
    public java.io.File getRootDir() { throw new UnsupportedOperationException("stub"); }
    public hudson.security.ACL getACL() { throw new UnsupportedOperationException("stub"); }
    public hudson.model.Item getItemByFullName(java.lang.String a0) { throw new UnsupportedOperationException("stub"); }
    public java.lang.Object getTarget() { throw new UnsupportedOperationException("stub"); }
    Jenkins() {}
}

// stub: jenkins.model.Jenkins ADMINISTER MANAGE SYSTEM_READ get getACL getComputer:String getComputers getInstanceOrNull getItemByFullName/1 getPlugin:String getPluginManager getRootDir getRootUrl getTarget s:hudson.model.ItemGroup s:hudson.security.AccessControlled
