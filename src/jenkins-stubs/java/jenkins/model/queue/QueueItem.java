package jenkins.model.queue;

public interface QueueItem extends hudson.model.ModelObject {
    default java.lang.String getDisplayName() {
        throw new UnsupportedOperationException("stub");
    }
}

// stub: jenkins.model.queue.QueueItem getDisplayName s:hudson.model.ModelObject
