package jenkins.model;

public class Jenkins implements hudson.security.AccessControlled, hudson.model.ItemGroup {
    public static final hudson.security.Permission ADMINISTER = null;
    public static final hudson.security.Permission MANAGE = null;
    public static final hudson.security.Permission SYSTEM_READ = null;
    public static jenkins.model.Jenkins get() throws java.lang.IllegalStateException { throw new UnsupportedOperationException("stub"); }
    public static jenkins.model.Jenkins getInstanceOrNull() { throw new UnsupportedOperationException("stub"); }
    public hudson.security.ACL getACL() { throw new UnsupportedOperationException("stub"); }
    Jenkins() {}
}

// stub: jenkins.model.Jenkins ADMINISTER MANAGE SYSTEM_READ get getACL getInstanceOrNull s:hudson.model.ItemGroup s:hudson.security.AccessControlled
