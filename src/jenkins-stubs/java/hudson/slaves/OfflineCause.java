package hudson.slaves;

public abstract class OfflineCause {
    public OfflineCause() {}
}

// stub: hudson.slaves.OfflineCause
