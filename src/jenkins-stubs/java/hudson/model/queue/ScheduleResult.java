package hudson.model.queue;

public abstract class ScheduleResult {
    public ScheduleResult() {}

    public boolean isRefused() {
        throw new UnsupportedOperationException("stub");
    }

    public hudson.model.Queue.Item getItem() {
        throw new UnsupportedOperationException("stub");
    }
}

// stub: hudson.model.queue.ScheduleResult getItem isRefused
