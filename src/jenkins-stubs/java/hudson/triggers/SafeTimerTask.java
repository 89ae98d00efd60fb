package hudson.triggers;

public abstract class SafeTimerTask {
    public SafeTimerTask() {}

    protected abstract void doRun() throws java.lang.Exception;
}

// stub: hudson.triggers.SafeTimerTask -a
