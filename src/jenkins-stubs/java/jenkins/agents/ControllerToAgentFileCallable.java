package jenkins.agents;

public interface ControllerToAgentFileCallable<T> extends hudson.FilePath.FileCallable<T> {
}

// stub: jenkins.agents.ControllerToAgentFileCallable -a
