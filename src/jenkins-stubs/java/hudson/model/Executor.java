package hudson.model;

public class Executor extends java.lang.Thread implements hudson.model.ModelObject {
    public Executor(hudson.model.Computer a0, int a1) {}

    public void interrupt() {
        throw new UnsupportedOperationException("stub");
    }

    public void interrupt(hudson.model.Result a0) {
        throw new UnsupportedOperationException("stub");
    }

    public void interrupt(hudson.model.Result a0, jenkins.model.CauseOfInterruption... a1) {
        throw new UnsupportedOperationException("stub");
    }

    public hudson.model.Queue.Executable getCurrentExecutable() {
        throw new UnsupportedOperationException("stub");
    }

    public java.lang.String getDisplayName() {
        throw new UnsupportedOperationException("stub");
    }

    public static hudson.model.Executor currentExecutor() {
        throw new UnsupportedOperationException("stub");
    }

    public hudson.model.Computer getOwner() {
        throw new UnsupportedOperationException("stub");
    }
}

// stub: hudson.model.Executor <init>/2 getCurrentExecutable getDisplayName getOwner interrupt s:java.lang.Thread
