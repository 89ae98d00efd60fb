package hudson.model.queue;

public interface QueueTaskFuture<R extends hudson.model.Queue.Executable> extends java.util.concurrent.Future<R> {}

// stub: hudson.model.queue.QueueTaskFuture s:java.util.concurrent.Future
