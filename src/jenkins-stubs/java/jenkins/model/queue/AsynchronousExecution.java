package jenkins.model.queue;

public abstract class AsynchronousExecution extends java.lang.RuntimeException {
    protected AsynchronousExecution() {}

    public abstract void interrupt(boolean a0);

    public abstract boolean blocksRestart();

    public abstract boolean displayCell();

    public final void completed(java.lang.Throwable a0) {
        throw new UnsupportedOperationException("stub");
    }
}

// stub: jenkins.model.queue.AsynchronousExecution <init>/0 blocksRestart completed displayCell interrupt
