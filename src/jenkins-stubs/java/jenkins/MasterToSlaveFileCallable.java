package jenkins;

public abstract class MasterToSlaveFileCallable<T> implements jenkins.agents.ControllerToAgentFileCallable<T> {
    public MasterToSlaveFileCallable() {}
}

// stub: jenkins.MasterToSlaveFileCallable -a
