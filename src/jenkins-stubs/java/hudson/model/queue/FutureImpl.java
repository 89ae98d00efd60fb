package hudson.model.queue;

public final class FutureImpl {
    FutureImpl() {}
}

// stub: hudson.model.queue.FutureImpl x:hudson.model.queue.QueueTaskFuture
