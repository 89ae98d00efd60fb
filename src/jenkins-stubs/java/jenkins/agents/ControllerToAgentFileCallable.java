package jenkins.agents;

public interface ControllerToAgentFileCallable<T> extends hudson.FilePath.FileCallable<T> {
    default void checkRoles(org.jenkinsci.remoting.RoleChecker a0) throws java.lang.SecurityException {
        throw new UnsupportedOperationException("stub");
    }
}

// stub: jenkins.agents.ControllerToAgentFileCallable -a checkRoles
