package hudson.model.queue;

public interface SubTask {
    default hudson.model.Label getAssignedLabel() {
        throw new UnsupportedOperationException("stub");
    }

    hudson.model.Queue.Executable createExecutable() throws java.io.IOException;

    default long getEstimatedDuration() {
        throw new UnsupportedOperationException("stub");
    }

    default hudson.model.Queue.Task getOwnerTask() {
        throw new UnsupportedOperationException("stub");
    }

    default hudson.model.Queue.Executable getOwnerExecutable() {
        throw new UnsupportedOperationException("stub");
    }
}

// stub: hudson.model.queue.SubTask getAssignedLabel getOwnerExecutable getOwnerTask
