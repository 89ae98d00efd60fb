package org.jenkinsci.remoting;

public interface RoleSensitive {
    void checkRoles(org.jenkinsci.remoting.RoleChecker a0) throws java.lang.SecurityException;
}

// stub: org.jenkinsci.remoting.RoleSensitive
