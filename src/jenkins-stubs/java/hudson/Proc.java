package hudson;

public abstract class Proc {
    protected Proc() {}

    public abstract boolean isAlive() throws java.io.IOException, java.lang.InterruptedException;

    public final int joinWithTimeout(long a0, java.util.concurrent.TimeUnit a1, hudson.model.TaskListener a2)
            throws java.io.IOException, java.lang.InterruptedException {
        throw new UnsupportedOperationException("stub");
    }
}

// stub: hudson.Proc isAlive joinWithTimeout
