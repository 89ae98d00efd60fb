package jenkins.model;

public class Jenkins extends hudson.model.AbstractCIBase
        implements org.kohsuke.stapler.StaplerProxy, hudson.security.AccessControlled {
    public final hudson.model.Hudson.CloudList clouds = null;
    public static final org.springframework.security.core.Authentication ANONYMOUS2 = null;
    public static final hudson.security.Permission ADMINISTER = null;
    public static final hudson.security.Permission MANAGE = null;
    public static final hudson.security.Permission SYSTEM_READ = null;

    public static jenkins.model.Jenkins get() throws java.lang.IllegalStateException {
        throw new UnsupportedOperationException("stub");
    }

    public static jenkins.model.Jenkins getInstanceOrNull() {
        throw new UnsupportedOperationException("stub");
    }

    public hudson.model.Node getNode(java.lang.String a0) {
        throw new UnsupportedOperationException("stub");
    }

    public java.lang.String getUrl() {
        throw new UnsupportedOperationException("stub");
    }

    public hudson.PluginManager getPluginManager() {
        throw new UnsupportedOperationException("stub");
    }

    public hudson.model.ComputerSet getComputer() {
        throw new UnsupportedOperationException("stub");
    }

    public hudson.Plugin getPlugin(java.lang.String a0) {
        throw new UnsupportedOperationException("stub");
    }

    public java.util.List<hudson.model.TopLevelItem> getItems() {
        throw new UnsupportedOperationException("stub");
    }

    public hudson.model.Computer[] getComputers() {
        throw new UnsupportedOperationException("stub");
    }

    public hudson.model.Computer getComputer(java.lang.String a0) {
        throw new UnsupportedOperationException("stub");
    }

    public java.lang.String getDisplayName() {
        throw new UnsupportedOperationException("stub");
    }

    public java.util.List<hudson.model.Node> getNodes() {
        throw new UnsupportedOperationException("stub");
    }

    public java.lang.String getRootUrl() throws java.lang.IllegalStateException {
        throw new UnsupportedOperationException("stub");
    }

    public java.io.File getRootDir() {
        throw new UnsupportedOperationException("stub");
    }

    public hudson.FilePath getRootPath() {
        throw new UnsupportedOperationException("stub");
    }

    public hudson.security.ACL getACL() {
        throw new UnsupportedOperationException("stub");
    }

    public boolean isQuietingDown() {
        throw new UnsupportedOperationException("stub");
    }

    public <T extends hudson.model.Item> T getItemByFullName(java.lang.String a0, java.lang.Class<T> a1)
            throws org.springframework.security.access.AccessDeniedException {
        throw new UnsupportedOperationException("stub");
    }

    public hudson.model.Item getItemByFullName(java.lang.String a0) {
        throw new UnsupportedOperationException("stub");
    }

    public static org.springframework.security.core.Authentication getAuthentication2() {
        throw new UnsupportedOperationException("stub");
    }

    public int getNumExecutors() {
        throw new UnsupportedOperationException("stub");
    }

    public hudson.model.Node.Mode getMode() {
        throw new UnsupportedOperationException("stub");
    }

    public void save() throws java.io.IOException {
        throw new UnsupportedOperationException("stub");
    }

    public java.lang.Object getTarget() {
        throw new UnsupportedOperationException("stub");
    }

    Jenkins() {}

    public static class CloudList
            extends hudson.util.DescribableList<hudson.slaves.Cloud, hudson.model.Descriptor<hudson.slaves.Cloud>> {
        public CloudList() {}
    }
}

// stub: jenkins.model.Jenkins ADMINISTER MANAGE SYSTEM_READ clouds get getACL getComputer getComputer:String
// getComputers getDisplayName getInstanceOrNull getItemByFullName getItemByFullName/1 getItems/0 getMode getNodes
// getPlugin:String getPluginManager getRootDir getRootPath getRootUrl getTarget isQuietingDown
// s:hudson.model.AbstractCIBase s:hudson.security.AccessControlled save
// stub: jenkins.model.Jenkins$CloudList s:hudson.util.DescribableList
