package hudson.model.queue;

public abstract class QueueListener implements hudson.ExtensionPoint {
    public QueueListener() {}

    public void onEnterBuildable(hudson.model.Queue.BuildableItem a0) {
        throw new UnsupportedOperationException("stub");
    }

    public void onLeft(hudson.model.Queue.LeftItem a0) {
        throw new UnsupportedOperationException("stub");
    }
}

// stub: hudson.model.queue.QueueListener onEnterBuildable onLeft
