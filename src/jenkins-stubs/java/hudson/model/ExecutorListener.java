package hudson.model;

public interface ExecutorListener extends hudson.ExtensionPoint {
    default void taskAccepted(hudson.model.Executor a0, hudson.model.Queue.Task a1) {
        throw new UnsupportedOperationException("stub");
    }

    default void taskCompleted(hudson.model.Executor a0, hudson.model.Queue.Task a1, long a2) {
        throw new UnsupportedOperationException("stub");
    }

    default void taskCompletedWithProblems(
            hudson.model.Executor a0, hudson.model.Queue.Task a1, long a2, java.lang.Throwable a3) {
        throw new UnsupportedOperationException("stub");
    }
}

// stub: hudson.model.ExecutorListener taskAccepted taskCompleted taskCompletedWithProblems
