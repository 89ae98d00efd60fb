package org.jenkinsci.remoting;

public abstract class RoleChecker {
    public RoleChecker() {}
}

// stub: org.jenkinsci.remoting.RoleChecker
