package jenkins.security;

public abstract class MasterToSlaveCallable<V, T extends java.lang.Throwable>
        implements jenkins.agents.ControllerToAgentCallable<V, T> {
    public MasterToSlaveCallable() {}
}

// stub: jenkins.security.MasterToSlaveCallable s:jenkins.agents.ControllerToAgentCallable
