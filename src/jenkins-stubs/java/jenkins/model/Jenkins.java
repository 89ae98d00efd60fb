package jenkins.model;

public class Jenkins {
    public static final hudson.security.Permission ADMINISTER = null;
    public static final hudson.security.Permission MANAGE = null;
    public static final hudson.security.Permission SYSTEM_READ = null;
    Jenkins() {}
}

// stub: jenkins.model.Jenkins ADMINISTER MANAGE SYSTEM_READ
