package jenkins.agents;

public interface ControllerToAgentCallable<V, T extends java.lang.Throwable> extends hudson.remoting.Callable<V, T> {}

// stub: jenkins.agents.ControllerToAgentCallable s:hudson.remoting.Callable
